import { createRequire } from 'node:module';
import { Logger } from '@nestjs/common';
import { Kafka, type KafkaConfig, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import { registerCodecs } from './codecs';
import type { KafkaSettings } from './kafka-settings';

let prepared = false;

/**
 * A new client: every consumer needs one of its own, because kafkajs shares committed offsets between the consumers of one
 * client (tulios/kafkajs#558).
 */
export function kafkaClient(settings: KafkaSettings, clientId: string, retry: KafkaConfig['retry'] = {}): Kafka {
  prepare();
  return new Kafka({
    clientId,
    brokers: [...settings.brokers],
    ssl: settings.ssl || undefined,
    sasl: saslOptions(settings),
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3, ...retry },
    logLevel: logLevel.WARN,
    logCreator: () => log,
  });
}

function saslOptions({ sasl }: KafkaSettings): SASLOptions | undefined {
  if (!sasl) return undefined;
  const { username, password } = sasl;
  // one literal a case: kafkajs' type is a union over the mechanism
  switch (sasl.mechanism) {
    case 'plain':
      return { mechanism: 'plain', username, password };
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', username, password };
  }
}

const logger = new Logger('kafkajs');
/** kafkajs reports as errors what its retries and ours heal by themselves. */
function log({ level, namespace, log: { message, ...details } }: LogEntry): void {
  const line = `${namespace ? `[${namespace}] ` : ''}${message}${typeof details.error === 'string' ? `: ${details.error}` : ''}`;
  if (level <= logLevel.WARN) logger.debug(line);
}

function prepare(): void {
  if (prepared) return;
  prepared = true;
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  registerCodecs();
  stopIdleTimers();
}

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/**
 * kafkajs 2.2.4 keeps a timer of at most 1 ms running for every connection, with a negative time-out that Node 24 warns
 * of (tulios/kafkajs#1751): 2 % of a core when idle. Nothing needs the timer unless requests wait or the broker
 * throttles. Can go with a kafkajs that contains tulios/kafkajs#1755.
 */
function stopIdleTimers(): void {
  const load = createRequire(require.resolve('kafkajs'));
  const { prototype } = load('./src/network/requestQueue') as { prototype: RequestQueue };
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}
