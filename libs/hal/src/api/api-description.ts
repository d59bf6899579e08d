import type { z } from 'zod';

/** A kind of resource, as the OpenAPI document tells of it. A `ResourceProfile` is one, but for the examples. */
export interface DescribedResource {
  /** Relation of an item: `customer`. */
  readonly item: string;
  /** Relation of the collection, and the segment of the path before an item's id: `customers`. */
  readonly collection: string;
  /** The members of an item as it is sent, without `_links`. */
  readonly schema: z.ZodObject;
  /** Schemas in it that are told once, by name: `creditCard`; one without a name is told where it stands. */
  readonly definitions?: Readonly<Record<string, z.ZodType>>;
  /** An item as it is sent, without `_links`. */
  readonly example: object;
  /** What `sort` takes. */
  readonly sortable?: readonly string[];
  /** Bodies of requests by the last segment of the path; by the collection's, what creates and replaces an item. */
  readonly requests?: Readonly<Record<string, object>>;
}

/** What the routes of a service do not say of themselves. */
export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  readonly resources: readonly DescribedResource[];
  /** What `/…/summary` answers with, by path. */
  readonly summaries?: Readonly<Record<string, z.ZodType>>;
}
