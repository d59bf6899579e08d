import { BegunBatches } from '../src/begun-batches';
import { FetchBudget } from '../src/fetch-budget';
import type { FetchedRecord } from '../src/fetched-record';
import { Overruns } from '../src/overruns';
import { type FetchedPartition, PartitionReader } from '../src/partition-reader';

/** What one fetch yields of these bytes. */
export function read(
  bytes: Buffer,
  fetched: Partial<FetchedPartition> = {},
  { budget = new FetchBudget(), begun = new BegunBatches() } = {},
): FetchedRecord[] {
  const partition = { topic: 't', partition: 0, fetchOffset: 0, highWatermark: 1_000_000, aborted: [], ...fetched };
  return new PartitionReader({ ...partition, bytes }, budget, { overruns: new Overruns(), begun }).read();
}

/** What kafkajs asks for next. */
export function nextOffset(records: readonly FetchedRecord[], fetchOffset: number): number {
  const last = records.at(-1);
  return last ? Number(last.offset) + 1 : fetchOffset;
}

/** How each offset is accounted for, in order: `5`, `5-9 withheld` or `5-9 passed`. */
export function account(records: readonly FetchedRecord[], fetchOffset = 0): string[] {
  let next = fetchOffset;
  return records.map(({ offset, withheld, isControlRecord }) => {
    const first = isControlRecord ? String(next) : (withheld?.firstOffset ?? offset);
    next = Number(offset) + 1;
    const range = first === offset ? offset : `${first}-${offset}`;
    if (withheld) return `${range} withheld`;
    return isControlRecord ? `${range} passed` : offset;
  });
}
