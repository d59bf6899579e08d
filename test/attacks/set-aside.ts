import type { Consumer } from '../faults/parked-lanes';
import { consumerOf, consumers } from '../faults/parked-lanes';
import type { TopicName } from '../faults/poison-records';
import type { Violation } from '../faults/violation';
import type { Storefront } from '../system/storefront';

export interface Sent {
  readonly topic: TopicName;
  readonly partition: number;
  /** Of the first record. */
  readonly offset: number;
  readonly count: number;
}

/** Hostile records that were sent, each of which must be set aside: in a lane, or by its position. */
export class SetAside {
  private readonly all: Sent[] = [];

  sent(records: Sent): void {
    this.all.push(records);
  }

  /** What is set aside nowhere, and in what lanes the rest is. */
  async look(storefront: Storefront): Promise<{ missing: Violation[]; lanes: string[] }> {
    const [missing, lanes]: [Violation[], string[]] = [[], []];
    for (const service of consumers) {
      const parked = await storefront.stores.lanes(service).find().toArray();
      lanes.push(...parked.map(({ _id }) => _id));
      const kept = new Set(parked.flatMap(({ topic, events }) => events.map(({ position }) => `${topic}:${position}`)));
      missing.push(...this.of(service).flatMap((records) => missingOf(records, kept)));
    }
    return { missing, lanes };
  }

  private of(service: Consumer): Sent[] {
    return this.all.filter(({ topic }) => consumerOf[topic] === service);
  }
}

function missingOf({ topic, partition, offset, count }: Sent, kept: ReadonlySet<string>): Violation[] {
  const offsets = Array.from({ length: count }, (_, index) => offset + index);
  const missing = offsets.filter((one) => !kept.has(`${topic}:${partition}:${one}`));
  if (missing.length === 0) return [];
  const text = `${topic}[${partition}]: ${missing.length} of ${count} records from ${offset} are set aside nowhere`;
  return [{ kind: 'lost', text }];
}
