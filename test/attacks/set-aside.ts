import { consumerOf, consumers } from '../faults/parked-lanes';
import type { TopicName } from '../faults/poison-records';
import type { Violation } from '../faults/violation';
import type { PositionsDocument } from '../system/stores';
import type { Storefront } from '../system/storefront';

export interface Sent {
  readonly topic: TopicName;
  readonly partition: number;
  /** Of the first record. */
  readonly offset: number;
  readonly count: number;
}

export interface Looked {
  /** Records that are set aside nowhere, and others that are. */
  readonly wrong: Violation[];
  readonly lanes: string[];
}

const CHUNK_OFFSETS = 1_000;

/** Hostile records that were sent: each must be set aside, in a lane or by its position, and nothing else. */
export class SetAside {
  private readonly all: Sent[] = [];
  private before = new Offsets();

  /** What is there already is not looked at. */
  async begin(storefront: Storefront): Promise<void> {
    this.before = (await keptIn(storefront)).kept;
  }

  sent(records: Sent): void {
    this.all.push(records);
  }

  /** Partitions whose group has not got past the last hostile record yet, one line each. */
  async ahead({ topics }: Storefront): Promise<string[]> {
    const lines: string[] = [];
    for (const topic of new Set(this.all.map((sent) => sent.topic))) {
      for (const { partition, offset } of await topics.committed(consumerOf[topic], topic)) {
        const ends = this.all.filter((sent) => sent.topic === topic && sent.partition === partition);
        const end = Math.max(0, ...ends.map((sent) => sent.offset + sent.count));
        if (Number(offset) < end) lines.push(`${topic}[${partition}] is at ${offset}, hostile records end at ${end}`);
      }
    }
    return lines;
  }

  async look(storefront: Storefront): Promise<Looked> {
    const { kept, lanes } = await keptIn(storefront);
    const wanted = new Offsets();
    const wrong: Violation[] = [];
    for (const { topic, partition, offset, count } of this.all) {
      wanted.add(topic, partition, { first: offset, last: offset + count - 1 });
      const missing = kept.missing(topic, partition, { first: offset, last: offset + count - 1 });
      const what = `${topic}[${partition}]: of ${count} records from ${offset}, ${missing} are set aside nowhere`;
      if (missing > 0) wrong.push({ kind: 'lost', text: what });
    }
    const others = kept.besides(wanted, this.before);
    return { wrong: [...wrong, ...others.map((text): Violation => ({ kind: 'other', text }))], lanes };
  }
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/** Offsets of partitions: single ones, and those of whole batches. */
class Offsets {
  private readonly single = new Map<string, Set<number>>();
  private readonly spans = new Map<string, Span[]>();

  add(topic: string, partition: number, span: Span): void {
    const of = `${topic}[${partition}]`;
    if (span.first === span.last) getOrSet(this.single, of, () => new Set<number>()).add(span.first);
    else getOrSet(this.spans, of, (): Span[] => []).push(span);
  }

  missing(topic: string, partition: number, { first, last }: Span): number {
    let missing = 0;
    for (let offset = first; offset <= last; offset++) if (!this.has(`${topic}[${partition}]`, offset)) missing++;
    return missing;
  }

  /** What none of the others has, at most ten of it. */
  besides(...others: readonly Offsets[]): string[] {
    const left: string[] = [];
    for (const [of, offsets] of this.single) {
      for (const offset of offsets) {
        if (!others.some((other) => other.has(of, offset)))
          left.push(`${of}: ${offset} is set aside, nobody sent it to be`);
      }
    }
    return left.slice(0, 10);
  }

  private has(of: string, offset: number): boolean {
    if (this.single.get(of)?.has(offset)) return true;
    return (this.spans.get(of) ?? []).some(({ first, last }) => first <= offset && offset <= last);
  }
}

function getOrSet<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

async function keptIn({ stores }: Storefront): Promise<{ kept: Offsets; lanes: string[] }> {
  const [kept, lanes] = [new Offsets(), [] as string[]];
  for (const service of consumers) {
    const own = (topic: string) => consumerOf[topic as TopicName] === service;
    for (const { _id, topic, events } of await stores.lanes(service).find().toArray()) {
      lanes.push(_id);
      for (const { position } of own(topic) ? events : []) {
        const [partition = 0, offset = 0] = position.split(':').map(Number);
        kept.add(topic, partition, { first: offset, last: offset });
      }
    }
    for (const chunk of await stores.positions(service).find().toArray()) {
      for (const span of spansIn(chunk)) kept.add(chunk.topic, chunk.partition, span);
    }
  }
  return { kept, lanes };
}

function spansIn({ chunk, entries, facts }: PositionsDocument): Span[] {
  return entries.map(({ o }) => {
    const last = chunk * CHUNK_OFFSETS + o;
    return { first: facts?.[String(o)]?.first ?? last, last };
  });
}
