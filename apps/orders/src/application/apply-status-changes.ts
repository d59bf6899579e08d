import { Injectable } from '@nestjs/common';
import type { Order } from '../domain/order';
import { type AbsentOrder, isAbsent, Orders } from '../domain/orders';
import type { StatusReport, StatusReportResult } from '../domain/status-report';

export type { StatusReportResult };

export interface StatusChange extends StatusReport {
  readonly guid: string;
}

/** What Fulfillment reports becomes part of the orders: one load and one bulk write for all of it. */
@Injectable()
export class ApplyStatusChanges {
  constructor(private readonly orders: Orders) {}

  /** One result a change, in the same order. */
  async execute(changes: readonly StatusChange[]): Promise<StatusReportResult[]> {
    const byOrder = groupedByOrder(changes);
    // decided again after a conflict: the last decision is the one that was written
    const results = new Map<StatusChange, StatusReportResult>();
    await this.orders.changeMany([...byOrder.keys()], (order) => {
      const applied = applyAll(order, byOrder.get(order.guid) ?? []);
      for (const [change, result] of applied.results) results.set(change, result);
      return applied.order;
    });
    return changes.map((change) => results.get(change) ?? undecided(change));
  }
}

interface Applied {
  readonly order: Order | undefined;
  readonly results: Map<StatusChange, StatusReportResult>;
}

type Decided = StatusReportResult & { readonly order?: Order };

/** What follows an impossible change has to wait for it, unless the order has it already. */
function applyAll(start: Order | AbsentOrder, changes: readonly StatusChange[]): Applied {
  const results = new Map<StatusChange, StatusReportResult>();
  let order = start;
  let blocked: StatusReportResult | undefined;
  for (const change of changes) {
    const decided: Decided = isAbsent(order) ? withoutOrder(order) : order.applyFulfillmentStatus(change);
    const result = blocked && decided.outcome !== 'duplicate' ? blocked : decided;
    if (result.outcome === 'applied') order = decided.order ?? order;
    if (result.outcome === 'impossible')
      blocked ??= { outcome: 'impossible', reason: `behind another: ${result.reason}` };
    results.set(change, result);
  }
  return { order: isAbsent(order) || order === start ? undefined : order, results };
}

function withoutOrder({ absent }: AbsentOrder): StatusReportResult {
  return absent === 'deleted' ? { outcome: 'ignored' } : { outcome: 'impossible', reason: 'unknown order' };
}

function groupedByOrder(changes: readonly StatusChange[]): Map<string, StatusChange[]> {
  const groups = new Map<string, StatusChange[]>();
  for (const change of changes) {
    const group = groups.get(change.guid);
    if (group) group.push(change);
    else groups.set(change.guid, [change]);
  }
  return groups;
}

function undecided(change: StatusChange): never {
  throw new Error(`The status change of order ${change.guid} was not decided.`);
}
