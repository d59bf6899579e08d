import { Injectable } from '@nestjs/common';
import { Fulfillments, type ReportedHistory } from '../domain/fulfillments';

/** A history above it is told in part, so that it fits in the body of a request. */
const MAX_HISTORY_BYTES = 190 * 1024;

/** `complete`: with all reports; without it only the oldest ones are there. */
export type ToldHistory = ReportedHistory & { readonly complete: boolean };

/** What was reported of orders, for a repair of Orders. */
@Injectable()
export class ViewReports {
  constructor(private readonly fulfillments: Fulfillments) {}

  /** Orders that have no fulfillment here are left out. */
  async execute(guids: readonly string[]): Promise<ToldHistory[]> {
    return (await this.fulfillments.reportsOf(guids)).map(told);
  }
}

function told({ guid, reports }: ReportedHistory): ToldHistory {
  let bytes = 0;
  const end = reports.findIndex(
    (report) => (bytes += Buffer.byteLength(JSON.stringify(report)) + 1) > MAX_HISTORY_BYTES,
  );
  return end < 0 ? { guid, reports, complete: true } : { guid, reports: reports.slice(0, end), complete: false };
}
