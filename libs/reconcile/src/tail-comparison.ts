import { setTimeout as sleep } from 'node:timers/promises';
import { adviceFor } from './advice';
import type { Comparison, Finding, Patience, Unsettled } from './comparison';
import type { Link } from './links';
import type { Entry, ServiceClient } from './service-client';
import type { TopicTail } from './topic-tail';
import { differenceOf } from './verdict';

/**
 * Compares the last record of every key of a state topic with its owner (R7): whoever reads the topic from its beginning must
 * end where the owner is. What differs is looked at again after a pause, with the topic as it is by then.
 */
export async function compareTail(
  link: Link,
  { owner, tail }: { owner: ServiceClient; tail: TopicTail },
  patience: Patience,
): Promise<Comparison> {
  const wrong = () => differing(link, { owner, tail }, patience);
  const first = await wrong();
  let open = first.suspects;
  const drift: Finding[] = [];
  let inFlight: Unsettled[] = [];
  for (let round = 1; open.size > 0 && round < patience.rounds; round++) {
    await sleep(patience.pauseMs);
    const again = (await wrong()).suspects;
    inFlight = [];
    for (const [id, before] of open) {
      const now = again.get(id);
      if (!now) continue;
      const stands = now.owner?.version === before.owner?.version && now.replica?.version === before.replica?.version;
      if (now.owner?.pending) inFlight.push({ link: now.link, id, why: 'its owner has not published it yet' });
      else if (tail.heldBack !== undefined) inFlight.push({ link: now.link, id, why: tail.heldBack });
      else if (stands) drift.push(now);
      else inFlight.push({ link: now.link, id, why: 'it keeps changing' });
    }
    open = new Map([...again].filter(([id]) => inFlight.some((waiting) => waiting.id === id)));
  }
  const caughtUp = first.suspects.size - drift.length - inFlight.length;
  return {
    link: nameOf(link),
    owner: link.owner,
    replica: link.topic,
    compared: first.compared,
    caughtUp,
    drift,
    inFlight,
    ...(first.suspects.size >= patience.maxSuspects && { more: true }),
  };
}

async function differing(
  link: Link,
  { owner, tail }: { owner: ServiceClient; tail: TopicTail },
  { pageSize, maxSuspects }: Patience,
): Promise<{ compared: number; suspects: Map<string, Finding> }> {
  await tail.read();
  const suspects = new Map<string, Finding>();
  let compared = 0;
  const look = (entry: Entry | undefined, last: Entry | undefined) => {
    // what an original service wrote was published by it, without a version
    if (entry?.version === 0) return;
    const difference = differenceOf(link, entry, last);
    const id = entry?.id ?? last?.id;
    if (!difference || id === undefined || suspects.size >= maxSuspects) return;
    const sides = { ...(entry && { owner: entry }), ...(last && { replica: last }) };
    const advice = adviceFor(link, { difference, ...sides });
    suspects.set(id, { link: nameOf(link), id, difference, ...sides, ...(advice !== undefined && { advice }) });
  };
  for await (const page of owner.pages(link.topic, pageSize)) {
    compared += page.length;
    for (const entry of page) {
      look(entry, tail.see(entry.id, entry.hash));
    }
  }
  for (const id of await tail.unseen(maxSuspects - suspects.size)) look(undefined, tail.see(id));
  return { compared, suspects };
}

function nameOf({ name }: Link): string {
  return `${name}, tail`;
}
