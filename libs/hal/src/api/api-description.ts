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
  /** Values of parameters in the path that are always there, by the name of the parameter: Swagger UI asks with them. */
  readonly pathExamples?: Readonly<Record<string, string>>;
  /** What `sort` takes. */
  readonly sortable?: readonly string[];
  /** What can be asked for next with what an item tells. What is below the item's own path is told by itself. */
  readonly next?: readonly NextPath[];
  /** Where a client may choose the id of what it creates: a JSON pointer into the request. */
  readonly chosenId?: string;
  /** Bodies of requests by the last segment of the path; by the collection's, what creates and replaces an item. */
  readonly requests?: Readonly<Record<string, object>>;
}

/** A path with a parameter, and all below it. */
export interface NextPath {
  /** `/orders/{guid}` */
  readonly path: string;
  /** Where the parameter is told: a JSON pointer into an item, or a runtime expression of OpenAPI such as `$request.path.id`. */
  readonly parameter: string;
  /** What is sent to create something there, with JSON pointers into an item for what it tells. */
  readonly body?: (at: (pointer: string) => string) => object;
}

/** What the routes of a service do not say of themselves. */
export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  readonly resources: readonly DescribedResource[];
  /** What `/…/summary` answers with, by path. */
  readonly summaries?: Readonly<Record<string, z.ZodType>>;
}
