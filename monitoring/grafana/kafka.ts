import { type Board, graph, stat } from './board';

const of = 'job=~"$job"';
const replicas = (name: string) => `sum(kafka_server_ReplicaManager_Value{name="${name}",${of}})`;
const controller = (name: string) => `max(kafka_controller_KafkaController_Value{name="${name}",${of}})`;
/** Of single topics, or of a broker altogether: the exporter has both under one name. */
const rate = (name: string, by: 'topic' | 'instance') =>
  `sum by (${by}) (rate(kafka_server_BrokerTopicMetrics_Count{name="${name}",topic${by === 'topic' ? '!=' : '='}"",${of}}[$__rate_interval]))`;
const requestTime = (percentile: number, request: string) =>
  `max(kafka_network_RequestMetrics_${percentile}thPercentile{name="TotalTimeMs",request="${request}",${of}}) / 1000`;

/** What the brokers say of themselves, by the names that the JMX exporter gives on MSK and under Strimzi. */
export const kafka: Board = {
  uid: 'storefront-kafka',
  title: 'Storefront: Kafka',
  description: 'Brokers, topics and groups, by the JMX exporter of Strimzi or MSK.',
  variables: { job: 'label_values(kafka_server_ReplicaManager_Value, job)' },
  rows: [
    {
      title: 'Cluster',
      panels: [
        stat('Controllers, one is right', 'short', { controllers: controller('ActiveControllerCount') }),
        stat('Partitions without a leader', 'short', { offline: controller('OfflinePartitionsCount') }),
        stat('Under-replicated partitions', 'short', { partitions: replicas('UnderReplicatedPartitions') }),
        stat('Below min.insync.replicas', 'short', { partitions: replicas('UnderMinIsrPartitionCount') }),
        stat('Replicas', 'short', { replicas: replicas('PartitionCount') }),
        stat('Offline replicas', 'short', { replicas: replicas('OfflineReplicaCount') }),
      ],
    },
    {
      title: 'Topics and groups',
      panels: [
        graph('Records in', 'cps', { '{{topic}}': rate('MessagesInPerSec', 'topic') }),
        graph('Bytes in', 'Bps', { '{{topic}}': rate('BytesInPerSec', 'topic') }),
        graph('Bytes out', 'Bps', { '{{topic}}': rate('BytesOutPerSec', 'topic') }),
        graph('On disk', 'bytes', { '{{topic}}': `sum by (topic) (kafka_log_Log_Value{name="Size",${of}})` }),
        graph('Records behind', 'short', {
          '{{consumergroup}} {{topic}}':
            'sum by (consumergroup, topic) (max by (consumergroup, topic, partition) (kafka_consumergroup_lag))',
        }),
      ],
    },
    {
      title: 'Brokers',
      panels: [
        graph('Request, whole time in the broker', 's', {
          'produce half': requestTime(50, 'Produce'),
          'produce 99 of 100': requestTime(99, 'Produce'),
          'fetch half': requestTime(50, 'FetchConsumer'),
          'fetch 99 of 100': requestTime(99, 'FetchConsumer'),
        }),
        graph('Refused requests', 'ops', {
          '{{instance}} produce': rate('FailedProduceRequestsPerSec', 'instance'),
          '{{instance}} fetch': rate('FailedFetchRequestsPerSec', 'instance'),
        }),
        graph('Request handlers without work', 'percentunit', {
          '{{instance}}': `min by (instance) (kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent",${of}})`,
        }),
      ],
    },
  ],
};
