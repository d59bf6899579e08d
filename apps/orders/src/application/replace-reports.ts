import { Injectable } from '@nestjs/common';
import { isAbsent, Orders } from '../domain/orders';
import type { StatusReport } from '../domain/status-report';

export interface ReportedHistory {
  readonly guid: string;
  /** What the order's newest report was when it was compared; an order that has another one by now is left alone. */
  readonly seen: number | string | null;
  /** Oldest first. */
  readonly reports: readonly StatusReport[];
}

/** Puts what Fulfillment has reported in the place of what an order has of it, where the two disagree. */
@Injectable()
export class ReplaceReports {
  constructor(private readonly orders: Orders) {}

  /** Every order is one write: it has the old history or the new one, whatever dies. Orders that are not here are left out. */
  execute(histories: readonly ReportedHistory[]): Promise<void> {
    const byGuid = new Map(histories.map((history) => [history.guid, history]));
    return this.orders.changeMany([...byGuid.keys()], (order) => {
      const history = byGuid.get(order.guid);
      if (isAbsent(order) || !history) return undefined;
      if ((order.state.fulfillmentVersion ?? null) !== history.seen) return undefined;
      const replaced = order.replaceReports(history.reports);
      return replaced === order ? undefined : replaced;
    });
  }
}
