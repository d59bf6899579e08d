import type { DiscardedRecord } from './collections';
import { aggregateOf, bytesOfRecord, byVersion, type Lane, type ParkedRecord, versionOf } from './lane';
import type { LaneHead } from './lane-listing';

/** A lane as operators read it. */
export function laneView(lane: LaneHead) {
  const { _id, topic, count, bytes, reason, attempts, parkedAt, nextAttemptAt } = lane;
  return {
    id: _id,
    topic,
    aggregateId: aggregateOf(lane) ?? null,
    events: count,
    bytes,
    reason,
    attempts,
    parkedAt: parkedAt.toISOString(),
    ageSeconds: Math.max(0, Math.round((Date.now() - parkedAt.getTime()) / 1000)),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    exhausted: nextAttemptAt === null,
  };
}

/** Characters of the events that one answer shows as a whole. */
const MAX_SHOWN = 1024 * 1024;

/**
 * The same with its events, in the order of their turns; only the one at `position` where one is given. Those behind the first
 * 1 MiB of them are there without key, headers and value, and have `omitted`: each of them can be asked for by its position.
 */
export function laneDetail(lane: Lane, position?: string) {
  const events = byVersion(lane.events).filter((event) => position === undefined || event.position === position);
  const shown = new ShownRecords();
  return { ...laneView(lane), stack: lane.stack ?? null, events: events.map((event) => shown.viewOf(event)) };
}

/** Shows records as they are until the first 1 MiB of one answer is full, the first one in any case. */
export class ShownRecords {
  private left = MAX_SHOWN;

  viewOf(record: ParkedRecord): RecordView {
    // of bytes that need escapes there are more characters
    if (bytesOfRecord(record) > this.left && this.left < MAX_SHOWN) return recordHead(record);
    const view = recordView(record);
    const characters = JSON.stringify(view).length;
    if (characters > this.left && this.left < MAX_SHOWN) return recordHead(record);
    this.left -= characters;
    return view;
  }
}

/** What was given up, by whom and why; `event` is null for a version that never came, and for positions, whose bytes the topic had. */
export function discardedView(
  { _id, lane, topic, version, record, positions, fault, reason, by, at }: DiscardedRecord,
  shown: ShownRecords,
) {
  return {
    id: _id,
    lane,
    topic,
    version: version ?? (record && versionOf(record)) ?? null,
    reason,
    by,
    at: at.toISOString(),
    fault,
    event: record ? shown.viewOf(record) : null,
    positions: positions ?? null,
  };
}

/** As of a record that has nothing but its place, its time and its version. */
function recordHead(record: ParkedRecord): RecordView {
  const version = versionOf(record) ?? null;
  return { ...recordView({ ...record, key: null, value: null, headers: [] }), version, omitted: true };
}

type RecordView = ReturnType<typeof recordView> & { readonly omitted?: true };

function recordView(record: ParkedRecord) {
  const { position, partition, offset, timestamp, headers } = record;
  const [key, value] = [encoded(record.key), encoded(record.value)];
  return {
    position,
    partition,
    offset,
    timestamp: timeText(timestamp),
    version: versionOf(record) ?? null,
    key: key.value,
    keyEncoding: key.encoding,
    headers: headers.map(({ name, value: bytes }) => ({ name, ...encoded(bytes) })),
    value: value.value,
    valueEncoding: value.encoding,
  };
}

/** ISO 8601; the bare number of milliseconds where no calendar reaches: Kafka takes any. */
function timeText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}

/** Text that has the very same bytes in UTF-8, else base64. */
function encoded(binary: ParkedRecord['value']): { value: string | null; encoding: 'text' | 'base64' | null } {
  if (!binary) return { value: null, encoding: null };
  const bytes = Buffer.from(binary.value());
  try {
    return { value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encoding: 'text' };
  } catch {
    return { value: bytes.toString('base64'), encoding: 'base64' };
  }
}
