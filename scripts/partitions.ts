import { parseArgs } from 'node:util';
import type { Admin } from 'kafkajs';
import { messageOf, numberOf, say } from './command-line';
import { clusterSettings, withAdmin } from './kafka/cluster';
import { environmentLinks } from './environment-links';
import { whyNotDrained } from './kafka/drained';
import { environmentGroup, namesUsage } from './kafka/environment-names';

const usage = `
usage: npm run partitions -- --topic <topic> --count <number> [--brokers host:port] [--patience 60] [--undrained]

Gives a topic more partitions; Kafka takes none away. Keys move to other partitions by it, so first waits, at most --patience
seconds, until the consumer has taken everything that is on the topic, and refuses otherwise. A topic of status reports should
get nothing new meanwhile: stop Fulfillment first. See docs/operations/partitions.md for what to do before and after.

  --brokers     default: KAFKA_BROKERS, with the services' KAFKA_SSL and KAFKA_SASL_* variables
  --undrained   do it although the consumer is behind: what arrives too early is parked until what is missing has come
${namesUsage}
`;

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      topic: { type: 'string' },
      count: { type: 'string' },
      brokers: { type: 'string', default: process.env['KAFKA_BROKERS'] ?? '' },
      patience: { type: 'string', default: '60' },
      undrained: flag,
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help) return say(usage.trim());
  const links = environmentLinks();
  const link = links.find(({ topic }) => topic === values.topic);
  if (!link) throw new Error(`--topic is one of ${links.map(({ topic }) => topic).join(', ')}.`);
  const patience = numberOf('patience', values.patience);
  if (!values.brokers) throw new Error('--brokers or KAFKA_BROKERS is expected.');
  const settings = clusterSettings(values.brokers);
  const run = async (admin: Admin) => {
    const group = { groupId: environmentGroup(link.replica), topic: link.topic };
    const obstacle = values.undrained ? undefined : await whyNotDrained(settings, group, patience * 1_000);
    if (obstacle !== undefined) throw new Error(`${obstacle}: nothing was changed.`);
    await grow(admin, link.topic, Number(values.count));
  };
  await withAdmin(settings, run, { topics: [link.topic] });
}

async function grow(admin: Admin, topic: string, count: number): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const before = topics[0]?.partitions.length ?? 0;
  if (!Number.isInteger(count) || count <= before) throw new Error(`--count must be more than ${before}.`);
  await admin.createPartitions({ topicPartitions: [{ topic, count }] });
  say(
    `${topic} has ${count} partitions instead of ${before}. Restart its owner and its consumer, then npm run reconcile.`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
