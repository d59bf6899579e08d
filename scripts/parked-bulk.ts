import { secondsOf } from './duration';
import { laneName } from './lane-names';
import { type Lane, type ParkedClient, type ParkedEvent, ParkedRefused } from './parked-client';
import type { Outcome } from './parked-outcome';
import { age, table } from './table';
import { terminalWidth } from './terminal';
import { WrongCall } from './wrong-call';

const TELL_EVERY_MS = 2_000;

/** Which lanes of a service. */
export interface LaneChoice {
  readonly topic?: string | undefined;
  /** Of the lane's last failure. */
  readonly reason?: RegExp;
  /** Parked for at least so long. */
  readonly olderThanSeconds?: number;
}

interface Left {
  readonly lane: string;
  readonly why: string;
}

/** The lanes that --topic, --reason-matches and --older-than choose; undefined where none of them is given. Throws WrongCall. */
export function choiceOf(options: {
  readonly topic?: string | undefined;
  readonly 'reason-matches'?: string | undefined;
  readonly 'older-than'?: string | undefined;
}): LaneChoice | undefined {
  const { topic, 'reason-matches': pattern, 'older-than': olderThan } = options;
  if (topic === undefined && pattern === undefined && olderThan === undefined) return undefined;
  return {
    topic,
    ...(pattern !== undefined && { reason: expressionOf(pattern) }),
    ...(olderThan !== undefined && { olderThanSeconds: secondsOf('--older-than', olderThan) }),
  };
}

export function isChosen(
  { reason, olderThanSeconds = 0 }: LaneChoice,
  lane: Pick<Lane, 'reason' | 'ageSeconds'>,
): boolean {
  return lane.ageSeconds >= olderThanSeconds && (reason === undefined || reason.test(lane.reason));
}

/** What `discardChosen` would give up. */
export async function previewOf(client: ParkedClient, choice: LaneChoice): Promise<Outcome> {
  const lanes = await chosenLanes(client, choice);
  const events = lanes.reduce((sum, lane) => sum + lane.events, 0);
  const rows = lanes.map(({ id, events: count, ageSeconds, reason }) => [
    laneName(id),
    String(count),
    age(ageSeconds),
    reason,
  ]);
  const shown = `${table([['would give up', 'events', 'age', 'reason'], ...rows], terminalWidth())}\n\n`;
  const total = `${lanes.length} lanes, ${events} events; nothing was done: --apply gives them up`;
  return {
    code: 0,
    json: { applied: false, lanes, events },
    text: lanes.length === 0 ? 'Nothing is chosen.' : shown + total,
  };
}

/**
 * Gives the events of the chosen lanes up, a lane after the other; of a lane whose reason is another one by then, the rest stays. It may be
 * broken off and called again: what is given up is gone from the lanes.
 */
export async function discardChosen(client: ParkedClient, choice: LaneChoice, reason: string): Promise<Outcome> {
  const lanes = await chosenLanes(client, choice);
  const left: Left[] = [];
  let discarded = 0;
  let toldAt = performance.now();
  for (const [index, lane] of lanes.entries()) {
    const one = await discardLane(client, lane.id, { choice, reason });
    discarded += one.discarded;
    if (one.why !== undefined) left.push({ lane: lane.id, why: one.why });
    if (performance.now() - toldAt < TELL_EVERY_MS) continue;
    toldAt = performance.now();
    process.stderr.write(`${index + 1} of ${lanes.length} lanes …\n`);
  }
  const rows = left.map(({ lane, why }) => [laneName(lane), why]);
  const rest = left.length === 0 ? '' : `\n\n${table([['left', 'because'], ...rows], terminalWidth())}`;
  return {
    code: left.length === 0 ? 0 : 1,
    json: { applied: true, lanes: lanes.length, discarded, left },
    text: `${discarded} events of ${lanes.length} lanes given up${rest}`,
  };
}

async function chosenLanes(client: ParkedClient, choice: LaneChoice): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for await (const lane of client.lanes(choice.topic)) if (isChosen(choice, lane)) lanes.push(lane);
  return lanes;
}

interface Decision {
  readonly choice: LaneChoice;
  readonly reason: string;
}

/** The oldest first, which is what the rest waits for; after each, the service has tried the rest. */
async function discardLane(
  client: ParkedClient,
  id: string,
  { choice, reason }: Decision,
): Promise<{ discarded: number; why?: string }> {
  const lane = await unlessGone(client.show(id));
  if (lane === undefined) return { discarded: 0 };
  if (!isChosen(choice, lane)) return { discarded: 0, why: `its reason is now: ${lane.reason}` };
  let discarded = 0;
  for (const target of targetsOf(lane.events)) {
    try {
      const report = await unlessGone(client.discard(id, { ...target, reason }));
      if (report === undefined) continue;
      discarded += report.discarded.length;
      const { left, reason: now = '' } = report.redriven;
      if (left === 0) break;
      if (choice.reason && !choice.reason.test(now)) return { discarded, why: `its reason is now: ${now}` };
    } catch (error) {
      if (error instanceof ParkedRefused && error.status === 409) return { discarded, why: error.message };
      throw error;
    }
  }
  return { discarded };
}

/** Undefined where it was given up or applied meanwhile. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ParkedRefused && error.status === 404) return undefined;
    throw error;
  }
}

/** Each version once, the lowest first, then what has none, by its position. */
export function targetsOf(events: readonly Pick<ParkedEvent, 'version' | 'position'>[]) {
  const versions = new Set(events.flatMap(({ version }) => version ?? []));
  const positions = events.flatMap(({ version, position }) => (version === null ? [{ position }] : []));
  return [...[...versions].toSorted((a, b) => a - b).map((version) => ({ version })), ...positions];
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'i');
  } catch (error) {
    throw new WrongCall(`--reason-matches ${pattern}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
