import type { OrderStatusEvent } from '@storefront/contracts';

/** Fulfillment reports a status. An original Fulfillment sends no versions. */
export interface StatusReport {
  readonly event: OrderStatusEvent;
  readonly version: number | undefined;
  /** Version of the report before this one, 0 for the first. */
  readonly previousVersion: number | undefined;
}

/**
 * `impossible`: not now; perhaps later, when what is missing has arrived, and nothing that follows it before. `early`: the same, but
 * a report that follows it may be what it waits for.
 */
export type StatusReportResult =
  | { readonly outcome: 'applied' | 'duplicate' | 'ignored' }
  | { readonly outcome: 'impossible' | 'early'; readonly reason: string };
