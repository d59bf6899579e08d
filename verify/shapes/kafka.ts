import { z } from 'zod';
import { number, withSpec } from './objects';

const name = z.string();
const scram = z.literal('scram-sha-512');
const quantities = z.strictObject({ cpu: name, memory: name });

/** Without a type it allows, without a host from everywhere, without a pattern literally. */
const acl = z.strictObject({
  resource: z.strictObject({
    type: z.enum(['topic', 'group', 'cluster']),
    name: name.optional(),
    patternType: z.literal('prefix').optional(),
  }),
  operations: z.array(z.enum(['Read', 'Write', 'Describe', 'Create', 'Delete', 'DescribeConfigs'])).min(1),
});

/** Strimzi's, as far as our cluster has a use for it. */
export const kafka = {
  KafkaNodePool: withSpec({
    // one of them makes the quorum
    replicas: z.literal(1),
    roles: z.array(z.enum(['controller', 'broker'])),
    storage: z.strictObject({
      type: z.literal('jbod'),
      volumes: z.tuple([
        z.strictObject({
          id: z.literal(0),
          type: z.literal('persistent-claim'),
          size: name,
          kraftMetadata: z.literal('shared'),
          deleteClaim: z.literal(false),
        }),
      ]),
    }),
    resources: z.strictObject({ requests: quantities, limits: quantities }),
  }),
  Kafka: withSpec({
    kafka: z.strictObject({
      // those of Strimzi 1.2
      version: z.enum(['4.2.0', '4.2.1', '4.3.0', '4.3.1']),
      metadataVersion: z.enum(['4.2-IV1', '4.3-IV0']),
      listeners: z.tuple([
        z.strictObject({
          name,
          port: z.int(),
          type: z.literal('internal'),
          tls: z.boolean(),
          authentication: z.strictObject({ type: scram }),
        }),
      ]),
      authorization: z.strictObject({ type: z.literal('simple') }),
      config: z.strictObject({
        'auto.create.topics.enable': z.literal(false),
        'default.replication.factor': z.int(),
        'min.insync.replicas': z.int(),
        'offsets.topic.replication.factor': z.int(),
        'transaction.state.log.replication.factor': z.int(),
        'transaction.state.log.min.isr': z.int(),
      }),
      metricsConfig: z.strictObject({
        type: z.literal('jmxPrometheusExporter'),
        valueFrom: z.strictObject({ configMapKeyRef: z.strictObject({ name, key: name }) }),
      }),
    }),
    entityOperator: z.strictObject({ topicOperator: z.strictObject({}), userOperator: z.strictObject({}) }),
    kafkaExporter: z.strictObject({
      resources: z.strictObject({ requests: quantities, limits: quantities }),
    }),
  }),
  KafkaTopic: withSpec({
    partitions: z.int(),
    replicas: number(1, 5),
    config: z.strictObject({ 'cleanup.policy': name, 'retention.ms': name }),
  }),
  KafkaUser: withSpec({
    authentication: z.strictObject({
      type: scram,
      password: z
        .strictObject({ valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name, key: name }) }) })
        .optional(),
    }),
    authorization: z.strictObject({ type: z.literal('simple'), acls: z.array(acl).min(1) }),
  }),
};
