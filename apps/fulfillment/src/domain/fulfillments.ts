import type { OrderStatusEvent, OrderStatusType, Precondition } from '@storefront/contracts';
import type { Fulfillment } from './fulfillment';
import type { KeyedRequest } from './keyed-request';
import type { Page, PageRequest } from './page';

export abstract class Fulfillments {
  abstract find(id: string): Promise<Fulfillment | undefined>;

  abstract page(request: PageRequest): Page<Fulfillment>;

  /** Every fulfillment, in groups that are read while they are taken. */
  abstract all(): AsyncIterable<readonly Fulfillment[]>;

  /** Those that have been in the first status and not in the second, in groups as `all` has them. */
  abstract between(from: OrderStatusType, to: OrderStatusType): AsyncIterable<readonly Fulfillment[]>;

  /** Adds those that are not there yet and returns their ids; the others are left alone. */
  abstract addAll(fulfillments: readonly Fulfillment[]): Promise<Set<string>>;

  /**
   * `move` must be pure: it may be called more than once. The new status is reported. When this request came before, nothing
   * moves, and the fulfillment comes back as it was then. Throws FulfillmentNotFound.
   */
  abstract change(
    id: string,
    move: (fulfillment: Fulfillment) => Fulfillment,
    precondition?: Precondition,
    request?: KeyedRequest,
  ): Promise<Fulfillment>;

  /** The same for many; `move` returns undefined to leave one alone. */
  abstract changeAll(
    ids: readonly string[],
    move: (fulfillment: Fulfillment) => Fulfillment | undefined,
  ): Promise<void>;

  /** The same where nothing moved and nothing is to be reported; returns the ids of those that are others now. */
  abstract correctAll(
    ids: readonly string[],
    correct: (fulfillment: Fulfillment) => Fulfillment | undefined,
  ): Promise<Set<string>>;

  /** What was reported of those that are here, oldest first, with the versions it was reported with. */
  abstract reportsOf(ids: readonly string[]): Promise<ReportedHistory[]>;
}

export interface ReportedHistory {
  readonly guid: string;
  readonly reports: readonly {
    readonly version: number;
    /** 0 for the first. */
    readonly previousVersion: number;
    readonly event: OrderStatusEvent;
  }[];
}
