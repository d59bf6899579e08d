import { entry } from '../../testing/note';
import type { OutboxSource } from './outbox-source';
import { MAX_BATCH_BYTES, PartitionLane, type Shipment } from './partition-lane';
import { Pending } from './pending';

const source = { name: 'notes', topic: undefined } as OutboxSource;

function pending(id: string, versions: number[], bytes = 10): Pending {
  const one = new Pending(source, id);
  one.merge(versions.map((version) => entry(version, 'x'.repeat(bytes))));
  return one;
}

function laneOf(...all: Pending[]): PartitionLane {
  const lane = new PartitionLane('notes', 0);
  for (const each of all) lane.add(each);
  return lane;
}

const told = (shipments: readonly Shipment[]) =>
  shipments.map((shipment) => [shipment.pending.id, ...shipment.entries.map(({ version }) => version)]);

describe("a partition's queue", () => {
  it('gives whole aggregates in turn, their events in order, up to the number asked for', () => {
    const lane = laneOf(pending('a', [1, 2]), pending('b', [7]), pending('c', [1]));
    expect(told(lane.take(3))).toEqual([
      ['a', 1, 2],
      ['b', 7],
    ]);
    expect(told(lane.take(3))).toEqual([['c', 1]]);
    expect(lane.take(3)).toEqual([]);
  });

  it('gives the oldest events of an aggregate that is larger than a batch, and nothing behind it', () => {
    const large = pending('large', [1, 2, 3]);
    const lane = laneOf(large, pending('b', [1]));
    expect(told(lane.take(2))).toEqual([['large', 1, 2]]);
    large.acknowledge(2);
    lane.add(large);
    expect(told(lane.take(2))).toEqual([
      ['b', 1],
      ['large', 3],
    ]);
  });

  it('keeps a batch within its bytes, but always gives one message', () => {
    const lane = laneOf(
      pending('huge', [1], MAX_BATCH_BYTES + 1),
      pending('half', [1], MAX_BATCH_BYTES / 2),
      pending('more', [1], MAX_BATCH_BYTES / 2),
    );
    expect(told(lane.take(500))).toEqual([['huge', 1]]);
    expect(told(lane.take(500))).toEqual([['half', 1]]);
    expect(told(lane.take(500))).toEqual([['more', 1]]);
  });

  it('holds an aggregate once, however often it is added', () => {
    const one = pending('a', [1]);
    const lane = laneOf(one, one);
    lane.add(one);
    expect(lane.size).toBe(1);
  });

  it('puts back what failed to the front, without doubling what was added meanwhile', () => {
    const [a, b, c] = [pending('a', [1]), pending('b', [1]), pending('c', [1])];
    const lane = laneOf(a, b);
    const shipments = lane.take(500);
    lane.add(c);
    lane.add(a);
    lane.putBack(shipments);
    expect(told(lane.take(500)).map(([id]) => id)).toEqual(['b', 'c', 'a']);
  });

  it('skips an aggregate whose events were acknowledged while it waited', () => {
    const a = pending('a', [1]);
    const lane = laneOf(a, pending('b', [1]));
    a.acknowledge(1);
    expect(told(lane.take(1))).toEqual([['b', 1]]);
    expect(lane.size).toBe(0);
  });

  it('takes out one, or all, and takes them again later', () => {
    const [a, b] = [pending('a', [1]), pending('b', [1])];
    const lane = laneOf(a, b);
    lane.remove(a);
    expect(lane.empty()).toEqual([b]);
    expect(lane.ready).toBe(false);
    lane.add(b);
    lane.add(a);
    expect(told(lane.take(500)).map(([id]) => id)).toEqual(['b', 'a']);
  });

  it('sends half of what was too large, then slowly more again', () => {
    const lane = laneOf(...Array.from({ length: 1_000 }, (_, index) => pending(`n${index}`, [1])));
    lane.halve(16);
    expect(lane.take(500)).toHaveLength(8);
    lane.succeeded();
    expect(lane.take(500)).toHaveLength(9);
    lane.halve(1);
    expect(lane.take(500)).toHaveLength(1);
    for (let success = 0; success < 60; success++) lane.succeeded();
    expect(lane.take(500)).toHaveLength(500);
  });

  it.each(['flying', 'resting'] as const)('is not ready while it is %s', (state) => {
    const lane = laneOf(pending('a', [1]));
    expect(lane.ready).toBe(true);
    lane[state] = true;
    expect(lane.ready).toBe(false);
  });
});
