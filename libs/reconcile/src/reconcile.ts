import { type Comparison, LinkComparison, type Patience } from './comparison';
import type { Link, ServiceName } from './links';
import { links as allLinks } from './links';
import { remedyFor, repair } from './repair';
import type { ServiceClient } from './service-client';
import { compareTail } from './tail-comparison';
import type { TopicTail } from './topic-tail';

export interface ReconcileOptions {
  readonly services: Readonly<Record<ServiceName, ServiceClient>>;
  readonly patience: Patience;
  readonly links?: readonly Link[];
  /** Reads a state topic, for comparing its tail too. */
  readonly tailOf?: (topic: string) => TopicTail;
  readonly repair?: boolean;
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

/** Compares every copy with its owner; with `repair`, heals what it can and compares again. Nothing is stopped for it. */
export async function reconcile(options: ReconcileOptions): Promise<Report> {
  const found = await compareAll(options);
  if (!options.repair) return { comparisons: found };
  let now = found;
  for (let round = 0; round < MAX_REPAIRS && hasRemedies(now, round > 0); round++) {
    await repairAll(options, now, round > 0);
    now = await compareAll(options);
  }
  return { comparisons: now, found };
}

async function compareAll(options: ReconcileOptions): Promise<Comparison[]> {
  const { services, patience, tailOf, links = allLinks, onProgress } = options;
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

async function repairAll(
  { services, links = allLinks, onProgress }: ReconcileOptions,
  comparisons: readonly Comparison[],
  tried: boolean,
): Promise<void> {
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
