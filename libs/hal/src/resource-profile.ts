import type { z } from 'zod';

/** What a collection resource may offer besides being read. */
export type Operation = 'create' | 'update' | 'delete' | 'patch';

/** What there is to know of a kind of resource: its ALPS and JSON Schema documents are made of it. */
export interface ResourceProfile {
  /** Relation of an item: `customer`. */
  readonly item: string;
  /** Relation of the collection, which is its path too: `customers`. */
  readonly collection: string;
  /** The members of an item as it is sent, without `_links`. */
  readonly schema: z.ZodObject;
  /** Names of the objects in it, for the JSON Schema; one without a name is described where it stands. */
  readonly definitions?: Readonly<Record<string, z.ZodType>>;
  readonly operations: readonly Operation[];
}
