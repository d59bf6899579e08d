import { type Comparison, LinkComparison, type Patience } from './comparison';
import type { Link, ServiceName } from './links';
import { links as allLinks, linksOn } from './links';
import { remedyFor, repair } from './repair';
import { defaultLeaseTimes, exclusively } from './lease';
import type { LeaseState, ReconciledLink, ServiceClient } from './service-client';
import { compareTail } from './tail-comparison';
import type { TopicTail } from './topic-tail';

export interface ReconcileOptions {
  readonly services: Readonly<Record<ServiceName, ServiceClient>>;
  readonly patience: Patience;
  /** Only these; all of them unless given. */
  readonly links?: readonly Link[];
  /** What the names of this environment's topics begin with, where `links` are not given; nothing by default. */
  readonly topicPrefix?: string;
  /** Reads a state topic, for comparing its tail too. */
  readonly tailOf?: (topic: string) => TopicTail;
  readonly repair?: boolean;
  /** Accepts fulfillments that no order in Orders asked for: they are not compared any more. */
  readonly adopt?: boolean;
  /** How long to wait for another process that compares; a minute unless given. */
  readonly waitMs?: number;
  /** As `Waiting` has it. */
  readonly isWanted?: (state: LeaseState) => boolean;
  /** Ends it at once, and gives the lease back. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

export interface Report {
  readonly comparisons: readonly Comparison[];
  /** With repair: what was found before. */
  readonly found?: readonly Comparison[];
}

/** A repair may uncover what it could not see before: an order's history behind its missing fulfillment. */
const MAX_REPAIRS = 3;

export function isClean({ comparisons }: Report): boolean {
  return comparisons.every(({ drift }) => drift.length === 0);
}

/**
 * Compares every copy with its owner; with `repair`, heals what it can and compares again. Nothing is stopped for it. While one
 * process is here no other one is: throws AlreadyReconciling. Throws OriginalService before anything is changed.
 */
export function reconcile(options: ReconcileOptions): Promise<Report> {
  const work = async (guard: () => void) => {
    const services = guarded(options.services, () => {
      options.signal?.throwIfAborted();
      guard();
    });
    const value = await compareAndRepair({ ...options, services });
    // what a part of the copies is like says nothing about the rest
    return { value, ...(!options.links && { links: summary(value) }) };
  };
  const onWait = (holder: string) => options.onProgress?.(`waiting for ${holder}, which compares the copies`);
  return exclusively(options.services.orders, work, {
    times: { ...defaultLeaseTimes, ...(options.waitMs !== undefined && { waitMs: options.waitMs }) },
    onWait,
    ...(options.isWanted && { isWanted: options.isWanted }),
    ...(options.signal && { signal: options.signal }),
  });
}

function linksOf({ links, topicPrefix = '' }: ReconcileOptions): readonly Link[] {
  return links ?? linksOn(topicPrefix);
}

async function compareAndRepair(options: ReconcileOptions): Promise<Report> {
  const { services } = options;
  const links = linksOf(options);
  for (const name of new Set(links.flatMap(({ owner, replica }) => [owner, replica]))) await services[name].overview();
  let now = await compareAll(options);
  if (!options.repair && !options.adopt) return { comparisons: now };
  const found = now;
  if (options.adopt) {
    await adoptAll(options, now);
    now = await compareAll(options);
  }
  if (!options.repair) return { comparisons: now, found };
  for (let round = 0; round < MAX_REPAIRS && hasRemedies(now, round > 0); round++) {
    await repairAll(options, now, round > 0);
    now = await compareAll(options);
  }
  return { comparisons: now, found };
}

/** Fulfillments whose orders are not in Orders: another program asked for them, and that is how it is to be. */
async function adoptAll(options: ReconcileOptions, found: readonly Comparison[]) {
  const { services, onProgress } = options;
  const links = linksOf(options);
  for (const link of links.filter(({ ordering }) => ordering === 'creation')) {
    const extra = found
      .filter(({ link: name }) => name === link.name)
      .flatMap(({ drift }) => drift.flatMap(({ id, difference }) => (difference === 'extra' ? [id] : [])));
    if (extra.length === 0) continue;
    onProgress?.(`adopting ${extra.length} of ${link.name}`);
    await services[link.replica].adoptRequests(extra);
  }
}

function guarded(services: ReconcileOptions['services'], guard: () => void): ReconcileOptions['services'] {
  const { accounts, orders, fulfillment } = services;
  return {
    accounts: accounts.guarded(guard),
    orders: orders.guarded(guard),
    fulfillment: fulfillment.guarded(guard),
  };
}

function summary({ comparisons }: Report): ReconciledLink[] {
  const copies = comparisons.filter(({ link }) => allLinks.some(({ name }) => name === link));
  return copies.map(({ link, drift, inFlight }) => ({ link, drift: drift.length, inFlight: inFlight.length }));
}

async function compareAll(options: ReconcileOptions): Promise<Comparison[]> {
  const { services, patience, tailOf, onProgress } = options;
  const links = linksOf(options);
  const comparisons: Comparison[] = [];
  for (const link of links) {
    onProgress?.(`comparing ${link.name}: ${link.owner} and ${link.replica}`);
    const sides = { owner: services[link.owner], replica: services[link.replica] };
    comparisons.push(await new LinkComparison(link, sides, patience).run());
    if (!tailOf || link.ordering !== 'state') continue;
    onProgress?.(`comparing the tail of ${link.topic} with ${link.owner}`);
    comparisons.push(await compareTail(link, { owner: sides.owner, tail: tailOf(link.topic) }, patience));
  }
  return comparisons;
}

async function repairAll(options: ReconcileOptions, comparisons: readonly Comparison[], tried: boolean): Promise<void> {
  const { services, onProgress } = options;
  const links = linksOf(options);
  for (const link of links) {
    const { owner, replica } = { owner: services[link.owner], replica: services[link.replica] };
    // the copy and the tail may both be wrong about one aggregate
    for (const { drift } of comparisons.filter(({ link: name }) => isOf(link, name))) {
      if (drift.length === 0) continue;
      onProgress?.(`repairing ${drift.length} of ${link.name}`);
      await repair(link, drift, { owner, replica, tried });
    }
  }
}

function hasRemedies(comparisons: readonly Comparison[], tried: boolean): boolean {
  return allLinks.some((link) =>
    comparisons
      .filter(({ link: name }) => isOf(link, name))
      .some(({ drift }) => drift.some((finding) => remedyFor(link, finding, tried) !== 'none')),
  );
}

function isOf({ name }: Link, comparison: string): boolean {
  return comparison === name || comparison.startsWith(`${name},`);
}
