/** What messaging must know about a topic. The values live in the contracts library of an application. */
export interface Topic<T, Type extends string = string> {
  readonly name: string;
  /**
   * `state`: an event carries the whole state, later versions replace earlier ones.
   * `delta`: every version is needed, in order.
   * `creation`: an event makes something once, whatever is delivered again.
   */
  readonly ordering: 'state' | 'delta' | 'creation';
  /** CloudEvents source of the owner, such as `/accounts`. */
  readonly source: string;
  /** The `ce_type`s this topic may carry; another one is a record that cannot be applied. */
  readonly types: readonly Type[];
  /** Whether a record without a value is allowed (the aggregate was deleted). */
  readonly tombstones: boolean;
  readonly schema: EventSchema<T>;
  /** The aggregate's id inside a decoded value, for records that came without a key. */
  readonly aggregateId: (value: unknown) => string | undefined;
  /** Used when the owner creates the topic; an existing topic is left as it is. */
  readonly partitions: number;
  readonly configEntries: Readonly<Record<string, string>>;
}

/** A key for maps by partition of a topic. */
export function partitionKey({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}:${partition}`;
}

/** The types of the events that a topic may carry. */
export type EventTypeOf<T extends { readonly types: readonly string[] }> = T['types'][number];

/** The part of a zod schema that decoding needs. */
export interface EventSchema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: EventSchemaError };
}

export interface EventSchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}
