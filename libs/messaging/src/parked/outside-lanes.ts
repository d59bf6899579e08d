import type { mongo } from 'mongoose';
import type { Lane } from './lane';
import { type Kept, positionOf } from './parked-positions';
import { runsOf, type Span } from './positions-chunk';

/**
 * Leaves out positions whose records are in lanes already, byte by byte: a batch that took too long to decode was decoded once,
 * and some of its records may have been parked. What is left of such a batch is kept by one position a gap.
 */
export async function outsideLanes(lanes: mongo.Collection<Lane>, kept: readonly Kept[]): Promise<Kept[]> {
  const outside: Kept[] = [];
  for (const each of kept) outside.push(...(each.mayBeInLanes ? await gapsOf(lanes, each) : [each]));
  return outside;
}

async function gapsOf(lanes: mongo.Collection<Lane>, kept: Kept): Promise<Kept[]> {
  const { offset: last } = positionOf(kept.raw);
  const { first = last } = kept.facts ?? {};
  const inside = runsOf(await parkedWithin(lanes, kept, { first, last }));
  if (inside.length === 0) return [kept];
  const ends = [...inside, { first: last + 1, last: last + 1 }];
  return ends.flatMap((run, index) => {
    const gap = { first: index === 0 ? first : (inside[index - 1]?.last ?? first) + 1, last: run.first - 1 };
    return gap.first > gap.last ? [] : [narrowed(kept, gap)];
  });
}

/** Reads positions only; there are few such batches, because each costs its process a second. */
async function parkedWithin(lanes: mongo.Collection<Lane>, { raw }: Kept, { first, last }: Span): Promise<Span[]> {
  const { topic, partition } = raw.origin;
  const found: Span[] = [];
  const holding = lanes.find(
    { topic, 'events.partition': partition },
    { projection: { 'events.position': 1 }, readPreference: 'primary' },
  );
  for await (const { events } of holding) {
    for (const { position } of events) {
      const [of, offset = NaN] = position.split(':').map(Number);
      if (of === partition && offset >= first && offset <= last) found.push({ first: offset, last: offset });
    }
  }
  return found.toSorted((a, b) => a.first - b.first);
}

function narrowed({ raw, facts, ...kept }: Kept, { first, last }: Span): Kept {
  const { first: _, ...same } = facts ?? { reason: kept.reason };
  return {
    ...kept,
    raw: { ...raw, origin: { ...raw.origin, offset: String(last) } },
    facts: { ...same, ...(first < last && { first }) },
  };
}
