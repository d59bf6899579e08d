import { type Board, graph } from './board';

const of = 'job=~"$job"';
const quantile = (q: number, name: string, by: string) =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${name}_bucket{${of}}[$__rate_interval])))`;
const rate = (name: string, by: string) => `sum by (${by}) (rate(${name}{${of}}[$__rate_interval]))`;

/** From a saved document to the other service's store. */
export const messaging: Board = {
  uid: 'storefront-messaging',
  title: 'Storefront: messaging',
  description: 'Outboxes, publishers, consumers and parked events.',
  variables: { job: 'label_values(outbox_published_total, job)' },
  rows: [
    {
      title: 'Outbox and publisher',
      panels: [
        graph('Documents with unpublished events', 'short', {
          '{{job}}': `max by (job) (outbox_pending_documents{${of}})`,
        }),
        graph('Oldest unpublished event', 's', { '{{job}}': `max by (job) (outbox_oldest_seconds{${of}})` }),
        graph('Events in memory', 'short', { '{{job}} {{instance}}': `outbox_pending_events{${of}}` }),
        graph('Produce request', 's', {
          '{{job}} half': quantile(0.5, 'outbox_publish_seconds', 'job'),
          '{{job}} 99 of 100': quantile(0.99, 'outbox_publish_seconds', 'job'),
        }),
        graph("From write to Kafka's acknowledgement", 's', {
          '{{job}} half': quantile(0.5, 'outbox_delay_seconds', 'job'),
          '{{job}} 99 of 100': quantile(0.99, 'outbox_delay_seconds', 'job'),
        }),
        graph('Published, sent again, recovered by a sweep, refused', 'ops', {
          '{{job}} published': rate('outbox_published_total', 'job'),
          '{{job}} sent again': rate('outbox_resent_total', 'job'),
          '{{job}} recovered': rate('outbox_recovered_total', 'job'),
          '{{job}} refused': rate('outbox_refused_total', 'job'),
        }),
      ],
    },
    {
      title: 'Consumers',
      panels: [
        graph('Events by what became of them', 'ops', {
          '{{job}} {{topic}} {{outcome}}': rate('consumer_events_total', 'job, topic, outcome'),
        }),
        graph('From write to effect', 's', {
          '{{job}} {{topic}} half': quantile(0.5, 'consumer_delay_seconds', 'job, topic'),
          '{{job}} {{topic}} 99 of 100': quantile(0.99, 'consumer_delay_seconds', 'job, topic'),
        }),
        graph('Records behind', 'short', {
          '{{job}} {{topic}}[{{partition}}]': `max by (job, topic, partition) (kafka_consumer_fetch_manager_records_lag{${of}})`,
        }),
        graph('Batch, mean', 's', {
          '{{job}} {{name}} {{result}}': `${rate('spring_kafka_listener_seconds_sum', 'job, name, result')} / ${rate('spring_kafka_listener_seconds_count', 'job, name, result')}`,
        }),
        graph('Partitions that stand still', 'short', {
          '{{job}} {{topic}}[{{partition}}] {{reason}}': `max by (job, topic, partition, reason) (consumer_paused{${of}}) or 0 * max by (job) (outbox_pending_events{${of}})`,
        }),
        graph('Partitions assigned, and how often the group is shared out', 'short', {
          '{{job}} partitions': `sum by (job) (kafka_consumer_coordinator_assigned_partitions{${of}})`,
          '{{job}} rebalances': `sum by (job) (increase(kafka_consumer_coordinator_rebalance_total{${of}}[$__rate_interval]))`,
        }),
      ],
    },
    {
      title: 'What could not be applied, and what was decided again',
      panels: [
        graph('Parked', 'short', {
          '{{job}} {{topic}} lanes': `max by (job, topic) (parked_lanes{${of}})`,
          '{{job}} {{topic}} events': `max by (job, topic) (parked_events{${of}})`,
          '{{job}} {{topic}} lanes for a person': `max by (job, topic) (parked_lanes_exhausted{${of}})`,
        }),
        graph('Kept by position only', 'short', {
          '{{job}} {{topic}}': `max by (job, topic) (parked_positions{${of}})`,
          '{{job}} {{topic}} lost': `sum by (job, topic) (increase(parked_positions_lost_total{${of}}[$__rate_interval]))`,
        }),
        graph('Partitions with records to read that stand', 's', {
          '{{job}} {{topic}}[{{partition}}]': `max by (job, topic, partition) (consumer_partition_stalled_seconds{${of}})`,
        }),
        graph('Partitions that an open transaction holds back', 's', {
          '{{job}} {{topic}}[{{partition}}]': `max by (job, topic, partition) (consumer_partition_held_back_seconds{${of}})`,
        }),
        graph('Oldest lane', 's', { '{{job}} {{topic}}': `max by (job, topic) (parked_oldest_seconds{${of}})` }),
        graph('Version conflicts', 'ops', {
          '{{job}} {{collection}}': rate('aggregate_version_conflicts_total', 'job, collection'),
        }),
      ],
    },
  ],
};
