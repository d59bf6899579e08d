import { setTimeout as sleep } from 'node:timers/promises';
import { adviceFor } from './advice';
import type { Finding } from './comparison';
import type { Link } from './links';
import { chunks, MAX_IDS, type Entry, type Job, type ServiceClient } from './service-client';

/** What is done about a finding; `none`: a person has to look, and is told what to do (`adviceFor`). */
export type Remedy = 'republish' | 'raise' | 'replace reports' | 'await and republish' | 'none';

const MAX_BODY_BYTES = 200 * 1024;
const POLL_MS = 200;

/**
 * A copy that lacks something is sent it again. One that has the right version and something else, or more than its owner, would
 * drop that: its owner takes a higher version. Reports of an order are replaced all at once, because every one of them counts; a
 * request is taken once only, unless it is awaited. `tried`: an earlier remedy has not helped.
 */
export function remedyFor({ ordering }: Pick<Link, 'ordering'>, finding: Finding, tried = false): Remedy {
  const { difference } = finding;
  if (ordering === 'creation' && difference === 'different') return tried ? 'none' : 'await and republish';
  if (adviceFor({ ordering }, finding) !== undefined) return 'none';
  const isBehind = difference === 'stale' || difference === 'missing';
  if (ordering === 'state') return isBehind && !tried ? 'republish' : 'raise';
  if (ordering === 'creation') return 'republish';
  return isBehind && !tried ? 'republish' : 'replace reports';
}

/** Asks the owner for what heals the findings, and waits until it was sent; the copies take it when it arrives. */
export async function repair(
  link: Link,
  findings: readonly Finding[],
  { owner, replica, tried }: { owner: ServiceClient; replica: ServiceClient; tried: boolean },
): Promise<void> {
  const byRemedy = Map.groupBy(findings, (finding) => remedyFor(link, finding, tried));
  const awaited = byRemedy.get('await and republish') ?? [];
  if (awaited.length > 0) await replica.awaitRequests(awaited.map(({ id }) => id));
  const { topic } = link;
  for (const some of chunks([...(byRemedy.get('republish') ?? []), ...awaited], MAX_IDS)) {
    await done(owner, await owner.republish({ topic, ids: some.map(({ id }) => id) }));
  }
  for (const some of chunks(byRemedy.get('raise') ?? [], MAX_IDS)) {
    const above = Object.fromEntries(some.map(({ id, replica: copy }) => [id, countedTo(copy)]));
    await done(owner, await owner.republish({ topic, ids: Object.keys(above), raise: true, above }));
  }
  await replaceReports(link, byRemedy.get('replace reports') ?? [], { owner, replica });
}

/**
 * Each order gets all reports of its fulfillment in one write of Orders, so that it is never without them. Of a history that
 * is too long for one request the rest follows on the topic; where that does not come, the order is stale, and the next
 * comparison finds it.
 */
async function replaceReports(
  { topic }: Link,
  findings: readonly Finding[],
  { owner, replica }: { owner: ServiceClient; replica: ServiceClient },
): Promise<void> {
  const seen = new Map(findings.map(({ id, replica: copy }) => [id, copy?.version ?? null]));
  const cut: string[] = [];
  for await (const histories of owner.histories([...seen.keys()])) {
    const orders = histories.map(({ guid, reports }) => ({ guid, reports, seen: seen.get(guid) ?? null }));
    for (const some of inBodies(orders)) await replica.replaceReports(some);
    cut.push(...histories.flatMap(({ guid, complete }) => (complete ? [] : [guid])));
  }
  for (const ids of chunks(cut, MAX_IDS)) await done(owner, await owner.republish({ topic, ids }));
}

/** As many at a time as a body of a request holds, one at least. */
function* inBodies<T>(items: readonly T[]): Iterable<readonly T[]> {
  let some: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    if (some.length > 0 && bytes + size > MAX_BODY_BYTES) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(item);
    bytes += size;
  }
  if (some.length > 0) yield some;
}

/** A copy that somebody edited may have anything for a version: what no number is, every number is above. */
function countedTo(copy: Entry | undefined): number {
  return copy && Number.isSafeInteger(copy.version) ? Math.max(0, copy.version) : 0;
}

/** Waits for a job's end. Throws when it failed. */
export async function done(owner: ServiceClient, started: Job, tell?: (job: Job) => void): Promise<Job> {
  let job = started;
  while (job.state === 'running') {
    await sleep(POLL_MS);
    job = await owner.job(job.id);
    tell?.(job);
  }
  if (job.state === 'failed') throw new Error(`job ${job.id} failed: ${job.failure ?? 'for an unknown reason'}`);
  return job;
}
