import { setTimeout as sleep } from 'node:timers/promises';
import { adviceFor } from './advice';
import type { Link } from './links';
import { chunks, type Entry, type Position, type ServiceClient } from './service-client';
import { type Difference, differenceOf } from './verdict';

export interface Finding {
  readonly link: string;
  readonly id: string;
  readonly difference: Difference;
  readonly owner?: Entry;
  readonly replica?: Entry;
  /** What a person can do, where there is no remedy. */
  readonly advice?: string;
}

export interface Unsettled {
  readonly link: string;
  readonly id: string;
  readonly why: string;
}

export interface Comparison {
  readonly link: string;
  readonly owner: string;
  readonly replica: string;
  /** Aggregates that the owner has. */
  readonly compared: number;
  /** Looked different at first, and were alike once what was under way had arrived. */
  readonly caughtUp: number;
  readonly drift: readonly Finding[];
  /** Neither right nor wrong yet: on the way, or parked. */
  readonly inFlight: readonly Unsettled[];
  /** More differed than are looked at in one run: the rest is looked at when these are healed. */
  readonly more?: true;
}

export interface Patience {
  /** Aggregates a page. */
  readonly pageSize: number;
  /** Before suspects are looked at again. */
  readonly pauseMs: number;
  /** How long the consumer may take to come to where the topic ended when a suspect was looked at. */
  readonly patienceMs: number;
  /** How often suspects that keep changing are looked at. */
  readonly rounds: number;
  /** Of one kind of copy; they are kept in memory. Whoever needs more has a copy to rebuild. */
  readonly maxSuspects: number;
  /** Between two pages, so that a comparison in the background leaves the stores to their work. */
  readonly pagePauseMs: number;
}

export const defaultPatience: Patience = {
  pageSize: 500,
  pauseMs: 1_000,
  patienceMs: 30_000,
  rounds: 5,
  maxSuspects: 10_000,
  pagePauseMs: 0,
};

const SUSPECTS_AT_ONCE = 500;
const POLL_MS = 200;
const PARKED = 'its events are parked';

/**
 * Compares a copy with its owner, page by page, while both go on working. What differs at first sight may be on its way: such
 * an id is looked at again after everything that its topic held has been taken by the copy's service, and counts as drift
 * only if what its owner had before that is still not there.
 */
export class LinkComparison {
  constructor(
    private readonly link: Link,
    private readonly sides: { owner: ServiceClient; replica: ServiceClient },
    private readonly patience: Patience,
  ) {}

  async run(): Promise<Comparison> {
    const { name, owner, replica } = this.link;
    const { compared, suspects } = await this.firstLook();
    const drift: Finding[] = [];
    const inFlight: Unsettled[] = [];
    for (const some of chunks([...suspects], SUSPECTS_AT_ONCE)) {
      const settled = await this.settle(some);
      drift.push(...settled.drift);
      inFlight.push(...settled.inFlight);
    }
    const caughtUp = suspects.size - drift.length - inFlight.length;
    const isFull = suspects.size >= this.patience.maxSuspects;
    return { link: name, owner, replica, compared, caughtUp, drift, inFlight, ...(isFull && { more: true }) };
  }

  /** The same for some ids only, all of them suspects. */
  async settle(ids: readonly string[]): Promise<{ drift: Finding[]; inFlight: Unsettled[] }> {
    const drift: Finding[] = [];
    const parked: Unsettled[] = [];
    let open = ids;
    let moving: Unsettled[] = [];
    for (let round = 0; round < this.patience.rounds && open.length > 0; round++) {
      await sleep(this.patience.pauseMs);
      moving = [];
      for (const judged of await this.judge(open)) {
        if (!('why' in judged)) drift.push(judged);
        else if (judged.why === PARKED) parked.push(judged);
        else moving.push(judged);
      }
      open = moving.map(({ id }) => id);
    }
    return { drift, inFlight: [...parked, ...moving] };
  }

  private async firstLook(): Promise<{ compared: number; suspects: Set<string> }> {
    const { topic } = this.link;
    const { owner, replica } = this.sides;
    const suspects = new Set<string>();
    const isFull = () => suspects.size >= this.patience.maxSuspects;
    let compared = 0;
    for await (const page of this.pages(owner)) {
      const { entries: copies } = await replica.look(topic, idsOf(page));
      compared += page.length;
      for (const entry of page) if (differenceOf(this.link, entry, copies.get(entry.id))) suspects.add(entry.id);
      if (isFull()) return { compared, suspects };
    }
    for await (const page of this.pages(replica)) {
      const { entries: origins } = await owner.look(topic, idsOf(page));
      for (const entry of page) if (differenceOf(this.link, origins.get(entry.id), entry)) suspects.add(entry.id);
      if (isFull()) break;
    }
    return { compared, suspects };
  }

  private async *pages(service: ServiceClient): AsyncIterable<readonly Entry[]> {
    const { pageSize, pagePauseMs } = this.patience;
    for await (const page of service.pages(this.link.topic, pageSize)) {
      yield page;
      if (pagePauseMs > 0) await sleep(pagePauseMs);
    }
  }

  private async judge(ids: readonly string[]): Promise<(Finding | Unsettled)[]> {
    const { topic } = this.link;
    const { entries: before } = await this.sides.owner.look(topic, ids);
    const behind = await this.arrival();
    const { entries: copies, parked } = await this.sides.replica.look(topic, ids);
    const { entries: after } = await this.sides.owner.look(topic, ids);
    return ids.flatMap((id) => {
      const looks = { before: before.get(id), copy: copies.get(id), after: after.get(id) };
      return this.verdict(id, looks, parked.has(id) ? PARKED : behind) ?? [];
    });
  }

  private verdict(id: string, { before, copy, after }: Looks, obstacle: string | undefined) {
    const { name: link } = this.link;
    const difference = differenceOf(this.link, after, copy);
    if (!difference || !differenceOf(this.link, before, copy)) return undefined;
    const unpublished = before?.pending ? 'its owner has not published it yet' : undefined;
    const why = obstacle ?? unpublished ?? changing({ before, copy, after });
    if (why !== undefined) return { link, id, why };
    const advice = adviceFor(this.link, { difference, ...(copy && { replica: copy }) });
    const sides = { ...(after && { owner: after }), ...(copy && { replica: copy }) };
    return { link, id, difference, ...sides, ...(advice !== undefined && { advice }) };
  }

  /** Waits until the copy's service has taken everything that is on the topic now; says why it has not. */
  private async arrival(): Promise<string | undefined> {
    const until = performance.now() + this.patience.patienceMs;
    const first = await this.positions();
    if (typeof first === 'string') return first;
    const ends = new Map(first.map((at) => [at.partition, writtenOf(at)]));
    for (;;) {
      const now = await this.positions();
      if (typeof now === 'string') return now;
      const lag = now.reduce((sum, at) => sum + Math.max(0, (ends.get(at.partition) ?? 0) - at.committed), 0);
      if (lag === 0) return undefined;
      if (performance.now() > until) return [`${this.link.replica} is ${lag} records behind`, ...held(now)].join(', ');
      await sleep(POLL_MS);
    }
  }

  private async positions() {
    const { consumed, trouble } = await this.sides.replica.overview();
    const own = consumed.filter(({ topic }) => topic === this.link.topic);
    return own.length > 0 ? own : `where ${this.link.replica} stands is not known: ${trouble ?? 'no such topic'}`;
  }
}

function writtenOf({ end, highWatermark = end }: Position): number {
  return highWatermark;
}

/** Why what is behind this offset of a partition cannot be read yet. */
export function openTransaction(partition: string, offset: number | string): string {
  return `a transaction that began at offset ${offset} of ${partition} is open`;
}

/** A group that has read all there is to read waits for the end of a transaction. */
function held(positions: readonly Position[]): string[] {
  return positions
    .filter((at) => at.committed >= at.end && writtenOf(at) > at.end)
    .map(({ topic, partition, end }) => openTransaction(`${topic}[${partition}]`, end));
}

function idsOf(page: readonly Entry[]): string[] {
  return page.map(({ id }) => id);
}

interface Looks {
  readonly before: Entry | undefined;
  readonly copy: Entry | undefined;
  readonly after: Entry | undefined;
}

/** The owner went on while we looked, and the copy follows: it has at least what the owner had before. */
function changing({ before, copy, after }: Looks): string | undefined {
  if (before?.version === after?.version && before?.deleted === after?.deleted) return undefined;
  const version = copy?.version ?? 0;
  const follows = version >= (before?.version ?? 0) && version <= (after?.version ?? 0);
  return follows ? 'it keeps changing' : undefined;
}
