import type { DiscardedRecord } from './collections';
import { aggregateOf, byVersion, type Lane, type ParkedRecord, versionOf } from './lane';
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

/** The same with its events, in the order of their turns. */
export function laneDetail(lane: Lane) {
  return { ...laneView(lane), stack: lane.stack ?? null, events: byVersion(lane.events).map(recordView) };
}

/** What was given up, by whom and why; `event` is null for a version that never came, and for positions, whose bytes the topic had. */
export function discardedView({
  _id,
  lane,
  topic,
  version,
  record,
  positions,
  fault,
  reason,
  by,
  at,
}: DiscardedRecord) {
  return {
    id: _id,
    lane,
    topic,
    version: version ?? (record && versionOf(record)) ?? null,
    reason,
    by,
    at: at.toISOString(),
    fault,
    event: record ? recordView(record) : null,
    positions: positions ?? null,
  };
}

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
