import { entry } from '../../testing/note';
import type { OutboxSource } from './outbox-source';
import { Pending } from './pending';

function pending(...versions: number[]): Pending {
  const one = new Pending({ name: 'notes', topic: undefined } as OutboxSource, 'n1');
  one.merge(versions.map((version) => entry(version)));
  return one;
}

const versionsOf = ({ entries }: Pending) => entries.map(({ version }) => version);

describe('an aggregate that waits', () => {
  it('takes outboxes in any order, each version once, and keeps them in version order', () => {
    const one = pending(3, 4);
    one.merge([entry(2), entry(3), entry(4), entry(5)]);
    expect(versionsOf(one)).toEqual([2, 3, 4, 5]);
    expect(one.newest).toBe(5);
  });

  it('does not take again what Kafka has acknowledged', () => {
    const one = pending(1, 2, 3);
    one.acknowledge(2);
    one.merge([entry(1), entry(2), entry(3), entry(4)]);
    expect(versionsOf(one)).toEqual([3, 4]);
  });

  it('never goes back behind a later acknowledgement', () => {
    const one = pending(1, 2);
    one.acknowledge(2);
    one.acknowledge(1);
    one.merge([entry(2)]);
    expect(versionsOf(one)).toEqual([]);
    expect(one.newest).toBe(2);
  });

  it('counts its bytes: what merge adds, acknowledge takes off', () => {
    const one = pending();
    const umlauts = entry(2, 'ü'.repeat(100));
    const first = one.merge([entry(1)]);
    const second = one.merge([entry(1), umlauts]);
    expect(second).toBe(300 + 200);
    expect(one.bytes).toBe(first + second);
    expect(one.acknowledge(1)).toBe(first);
    expect(one.acknowledge(1)).toBe(0);
    expect(one.acknowledge(2)).toBe(second);
    expect(one.bytes).toBe(0);
  });
});
