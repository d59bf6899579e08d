import type { PositionsReport } from './positions-run';
import type { ShownPosition } from './position-operations';
import type { ExpiringPositions } from './positions-watch';

/** The positions of a partition as operators read them; times are ISO 8601, null where the topic deletes nothing by time. */
export function positionsView(positions: ExpiringPositions) {
  const { topic, partition, count, offset, oldest, reason, exhausted, retention, endsAt } = positions;
  return {
    topic,
    partition,
    positions: count,
    firstOffset: offset,
    oldest: timeText(oldest),
    reason,
    exhaustedChunks: exhausted,
    endsAt: endsAt === undefined ? null : timeText(endsAt),
    mayEndEarlier: retention.hasByteLimit,
    retentionUnknown: retention.unknown ?? null,
  };
}

/** One position with what is known of it; size, hash and who skipped it are null where they do not apply. */
export function positionView({ first, last, reason, facts }: ShownPosition) {
  return {
    offset: last,
    firstOffset: first,
    reason,
    sizeBytes: facts?.sizeBytes ?? null,
    sha256: facts?.sha256 ?? null,
    skippedBy: facts?.skippedBy ?? null,
  };
}

export type PositionsRedriven = PositionsReport & { readonly next?: number };

/** A producer may set any time; what no calendar has is told as the number of milliseconds. */
function timeText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}
