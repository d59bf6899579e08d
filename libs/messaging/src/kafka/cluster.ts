import type { Kafka } from 'kafkajs';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';

/** Whose records a reader is shown. */
export enum Isolation {
  /** Everything that the brokers have, up to the high watermark. */
  readUncommitted = 0,
  /** What no open transaction can take back, up to the last stable offset. */
  readCommitted = 1,
}

/** The parts of kafkajs that its own consumer and admin are made of; they do what neither offers. */
export interface Cluster {
  isConnected(): boolean;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(of: { nodeId: string }): Promise<Broker>;
  /** The first or the next offset of each partition, as the isolation of the cluster shows it. */
  fetchTopicsOffset(
    topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
}

interface Broker {
  fetch(request: object): Promise<{ responses: { partitions: object[] }[] }>;
}

/** A connection to the cluster with the login, the repairs and the decoder of every other client; its caller disconnects it. */
export function clusterOf(settings: KafkaSettings, clientId: string, isolationLevel: Isolation): Cluster {
  return createCluster(kafkaClient(settings, clientId, { retries: 1 }), { isolationLevel }) as Cluster;
}

/** What kafkajs makes its own clients of, behind a symbol that only its description tells; it is not connected yet. */
export function createCluster(client: Kafka, options: { readonly isolationLevel?: Isolation } = {}): unknown {
  const symbol = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const create: unknown = symbol && Reflect.get(client, symbol);
  if (typeof create !== 'function') throw new Error('kafkajs is not what it was: it makes no cluster');
  return (create as (options: object) => unknown)({ allowAutoTopicCreation: false, ...options });
}
