import type { Consumer } from 'kafkajs';
import type { KafkaMetrics } from '../kafka/kafka-metrics';

/** Counts what a kafkajs consumer says it does. */
export function countEvents(consumer: Consumer, metrics: KafkaMetrics): void {
  const { FETCH, HEARTBEAT, REBALANCING, COMMIT_OFFSETS, GROUP_JOIN } = consumer.events;
  consumer.on(FETCH, () => metrics.fetches.inc(metrics.client));
  consumer.on(HEARTBEAT, () => metrics.heartbeats.inc(metrics.client));
  consumer.on(REBALANCING, () => metrics.rebalances.inc(metrics.client));
  consumer.on(COMMIT_OFFSETS, () => metrics.commits.inc(metrics.client));
  consumer.on(GROUP_JOIN, ({ payload: { memberAssignment } }) =>
    metrics.joined(Object.values(memberAssignment).reduce((sum, partitions) => sum + partitions.length, 0)),
  );
}
