import type { OutgoingMessage } from '../kafka/kafka-producer';
import { type OutboxEntry, recordHeaders } from '../outbox-entry';
import type { PartitionLane, Shipment } from './partition-lane';

/** What one request takes along. */
export type Cargo = ReadonlyMap<PartitionLane, readonly Shipment[]>;

export function entriesOf(cargo: Cargo): OutboxEntry[] {
  return [...cargo.values()].flat().flatMap(({ entries }) => entries);
}

export function countOf(shipments: readonly Shipment[]): number {
  return shipments.reduce((sum, { entries }) => sum + entries.length, 0);
}

export function messagesOf(cargo: Cargo): Map<string, OutgoingMessage[]> {
  const byTopic = new Map<string, OutgoingMessage[]>();
  for (const [{ topic, partition }, shipments] of cargo) {
    const messages = byTopic.get(topic) ?? [];
    byTopic.set(topic, messages);
    for (const { pending, entries } of shipments) {
      for (const entry of entries) {
        const headers = recordHeaders(entry, pending.id);
        messages.push({ key: pending.id, value: entry.value, partition, headers });
      }
    }
  }
  return byTopic;
}
