import type { Kafka, LogEntry } from 'kafkajs';

/** What a consumer was to read next is not there any more, and it goes on with what is. */
export type RecordsGone = (topic: string, partition: number) => void;

const listeners = new WeakMap<Kafka, RecordsGone>();

export function onRecordsGone(client: Kafka, listener: RecordsGone): void {
  listeners.set(client, listener);
}

/** kafkajs 2.2.4 tells of it by nothing but this line of its log (recoverFromOffsetOutOfRange in its consumerGroup.js). */
const LINE = 'Offset out of range, resetting to default offset';

export function noteRecordsGone(client: Kafka, { message, ...details }: LogEntry['log']): void {
  const { topic, partition } = details as { topic?: string; partition?: number };
  if (message === LINE && topic !== undefined && partition !== undefined) listeners.get(client)?.(topic, partition);
}
