import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSettings } from '../../libs/messaging/src/kafka/kafka-settings';
import { type ConsumerPosition, ConsumerPositions } from '../../libs/messaging/src/repair/consumer-positions';

const POLL_MS = 500;

interface Group {
  readonly groupId: string;
  readonly topic: string;
}

/** Waits until a group has taken everything that is on a topic; says why it has not after `patienceMs`. Throws when Kafka does not answer. */
export async function whyNotDrained(
  settings: KafkaSettings,
  { groupId, topic }: Group,
  patienceMs: number,
): Promise<string | undefined> {
  const positions = new ConsumerPositions(settings, groupId, [topic]);
  const until = performance.now() + patienceMs;
  for (;;) {
    const behind = (await positions.read()).filter(({ committed, highWatermark }) => committed < highWatermark);
    if (behind.length === 0) return undefined;
    if (performance.now() > until) return reasonOf({ groupId, topic }, behind);
    await sleep(POLL_MS);
  }
}

function reasonOf({ groupId, topic }: Group, behind: readonly ConsumerPosition[]): string {
  const held = behind.find(({ committed, end }) => committed >= end);
  if (!held) return `${groupId} is behind on ${topic}`;
  const transaction = `a transaction that began at offset ${held.end} of ${topic}[${held.partition}] is open`;
  return `${transaction}, and ${groupId} cannot read what is behind its beginning`;
}
