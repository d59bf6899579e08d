import type {
  DiscardedPage,
  DiscardReport,
  Lane,
  LaneDetail,
  LanePage,
  LaneReport,
  ParkedEvent,
  Positions,
  PositionsReport,
  ShownPosition,
} from './parked-client';
import { laneName } from './lane-names';
import { age, printable, table } from './table';
import { terminalWidth } from './terminal';

export function showPage(found: LanePage): string {
  const parts = [
    ...(found.page.totalElements > 0 ? [showLanes(found)] : []),
    ...(found.positions.length > 0 ? [showPositions(found.positions)] : []),
  ];
  return parts.length === 0 ? 'Nothing is parked.' : parts.join('\n\n');
}

/** Records that are known by their position only. */
export function showPositions(positions: readonly Positions[]): string {
  const rows = positions.map((each) => [
    `${each.topic}[${each.partition}]`,
    String(each.positions),
    String(each.firstOffset),
    each.oldest,
    endOf(each),
    each.reason,
  ]);
  return table([['kept by position', 'records', 'first offset', 'oldest', 'ends', 'reason'], ...rows], terminalWidth());
}

function endOf({ endsAt, mayEndEarlier, retentionUnknown }: Positions): string {
  const by = retentionUnknown === null ? '' : ', by contract';
  return `${endsAt ?? 'never'}${mayEndEarlier ? ', or earlier' : ''}${by}`;
}

export function showPositionList(positions: readonly ShownPosition[], next: number | undefined): string {
  const rows = positions.map(({ offset, firstOffset, reason, sizeBytes, sha256, skippedBy }) => [
    firstOffset === offset ? String(offset) : `${firstOffset}-${offset}`,
    String(sizeBytes ?? '-'),
    sha256 ?? '-',
    skippedBy ?? '-',
    reason,
  ]);
  const more = next === undefined ? '' : `\n\nmore from --offset ${next} on`;
  return `${table([['offset', 'bytes', 'sha256', 'skipped by', 'reason'], ...rows], terminalWidth())}${more}`;
}

export function showPositionsReport({ released, moved, lost, left, reason }: PositionsReport): string {
  const why = reason === undefined ? '' : `: ${printable(reason)}`;
  return `positions: ${released} released, ${moved} put into lanes, ${lost} lost, ${left} left${why}`;
}

function showLanes({ lanes, page }: LanePage): string {
  const rows = lanes.map((lane) => [
    laneName(lane.id),
    String(lane.events),
    String(lane.bytes),
    age(lane.ageSeconds),
    String(lane.attempts),
    nextOf(lane),
    lane.reason,
  ]);
  const heading = ['lane', 'events', 'bytes', 'age', 'attempts', 'next', 'reason'];
  return `${table([heading, ...rows], terminalWidth())}\n\n${placeOf(page)}, ${page.totalElements} lanes in all`;
}

export function showDiscarded({ discarded, page }: DiscardedPage): string {
  if (page.totalElements === 0) return 'Nothing was discarded.';
  const rows = discarded.map(({ lane, version, event, positions, at, by, reason, fault }) => [
    laneName(lane),
    String(version ?? '-'),
    event?.position ?? (positions ? `${positions.partition}:${positions.first}-${positions.last}` : 'never came'),
    at,
    by,
    reason,
    fault,
  ]);
  const heading = ['lane', 'version', 'position', 'when', 'who', 'reason', 'it could not be applied because'];
  return `${table([heading, ...rows], terminalWidth())}\n\n${placeOf(page)}, ${page.totalElements} in all; --json shows the events`;
}

function placeOf({ number, totalPages }: LanePage['page']): string {
  return `page ${number} of ${totalPages} (--page)`;
}

export function showLane(lane: LaneDetail): string {
  const facts = [
    ['lane', laneName(lane.id)],
    ['topic', lane.topic],
    ['aggregate', lane.aggregateId === null ? 'cannot be told' : laneName(lane.aggregateId)],
    ['parked', `${lane.parkedAt} (${age(lane.ageSeconds)} ago)`],
    ['attempts', `${lane.attempts}, next ${nextOf(lane)}`],
    ['reason', lane.reason],
  ];
  const stack = lane.stack === null ? [] : [indented(lane.stack)];
  return [table(facts), ...stack, ...lane.events.map(showEvent)].join('\n\n');
}

/** What a dry run of a redrive would try. */
export function showRedrive(lanes: readonly (Lane | LaneDetail)[]): string {
  if (lanes.length === 0) return 'Nothing is parked.';
  const rows = lanes.map(({ id, events, reason }) => [
    laneName(id),
    String(typeof events === 'number' ? events : events.length),
    reason,
  ]);
  const shown = table([['would try', 'events', 'last reason'], ...rows], terminalWidth());
  return `${shown}\n\n${lanes.length} lanes; nothing was done (--dry-run)`;
}

export function showReports(reports: readonly LaneReport[]): string {
  if (reports.length === 0) return 'Nothing is parked.';
  const rows = reports.map(({ lane, released, left, reason = '' }) => [
    laneName(lane),
    String(released),
    String(left),
    reason,
  ]);
  const sum = (of: 'released' | 'left') => reports.reduce((total, report) => total + report[of], 0);
  const total = `${reports.length} lanes: ${sum('released')} events released, ${sum('left')} left`;
  return `${table([['lane', 'released', 'left', 'reason'], ...rows], terminalWidth())}\n\n${total}`;
}

/** What a discard without --apply would give up. */
export function showWouldDiscard(lane: LaneDetail, target: { version: number } | { position: string }): string {
  const isMeant = (event: ParkedEvent) =>
    'version' in target ? event.version === target.version : event.position === target.position;
  const meant = lane.events.filter(isMeant);
  const what = 'version' in target ? `version ${target.version}` : `what is at ${target.position}`;
  const where = meant.length === 0 ? ', which is not in the lane' : '';
  const title = `would give up ${what} of ${laneName(lane.id)}${where}; nothing was done: --apply does it`;
  return [title, `reason of the lane: ${printable(lane.reason)}`, ...meant.map(showEvent)].join('\n\n');
}

export function showDiscard({ lane, discarded, version, gate, redriven }: DiscardReport): string {
  const what = version === undefined ? '' : `version ${version}, `;
  const where = discarded.length === 0 ? 'which had never arrived' : `at ${discarded.join(', ')}`;
  const moved = gate === undefined ? [] : [`the aggregate is at version ${gate} now`];
  return [`discarded of ${laneName(lane)}: ${what}${where}`, ...moved, showReports([redriven])].join('\n');
}

function showEvent(event: ParkedEvent): string {
  const headers = event.headers.map(({ name, value, encoding }) => [`  ${name}`, shown(value, encoding)]);
  const title = `${event.position}  version ${event.version ?? '-'}  ${event.timestamp}`;
  if (event.omitted)
    return `${title}\n  not shown: too much for one answer; ask the endpoint with ?position=${event.position}`;
  const lines = [
    title,
    `  key    ${shown(event.key, event.keyEncoding)}`,
    `  value  ${shown(event.value, event.valueEncoding)}`,
  ];
  return [...lines, ...(headers.length === 0 ? [] : [table(headers)])].join('\n');
}

function shown(value: string | null, encoding: 'text' | 'base64' | null): string {
  if (value === null) return '(none)';
  return encoding === 'base64' ? `base64:${value}` : printable(value);
}

function nextOf({ exhausted, nextAttemptAt }: Pick<Lane, 'exhausted' | 'nextAttemptAt'>): string {
  if (exhausted || nextAttemptAt === null) return 'by hand';
  const seconds = Math.round((Date.parse(nextAttemptAt) - Date.now()) / 1_000);
  return seconds <= 0 ? 'now' : `in ${age(seconds)}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${printable(line)}`)
    .join('\n');
}
