import type { Admin } from 'kafkajs';
import { Access, applyOption, brokersEnvironment, brokersOption, jsonOption } from './access';
import { runCommand } from './command';
import { numberOf, say } from './command-line';
import { environmentLinks } from './environment-links';
import { clusterSettings, withAdmin } from './kafka/cluster';
import { whyNotDrained } from './kafka/drained';
import { environmentGroup } from './kafka/environment-names';
import { WrongCall } from './wrong-call';

const links = environmentLinks();

runCommand({
  name: 'partitions',
  calls: ['--topic <topic> --count <number> [--apply] [--patience 60] [--undrained]'],
  about: `
Gives a topic more partitions; Kafka takes none away. Keys move to other partitions by it, so it first waits until the consumer has taken
everything that is on the topic, and refuses otherwise. A topic of status reports should get nothing new meanwhile: stop Fulfillment first. See
docs/operations/partitions.md for what to do before and after. Without --apply it waits for nothing, and shows what there is and whether the
consumer is behind.`,
  options: {
    topic: { type: 'string', takes: '<topic>', says: links.map(({ topic }) => topic).join(', ') },
    count: { type: 'string', takes: '<number>', says: 'how many it is to have' },
    ...applyOption,
    patience: { type: 'string', takes: '<seconds>', default: '60', says: 'how long the consumer may take' },
    undrained: {
      type: 'boolean',
      default: false,
      says: 'do it although the consumer is behind: what arrives too early is parked until what is missing has come',
    },
    ...brokersOption,
    ...jsonOption,
  },
  environment: brokersEnvironment,
  run: async ({ apply, undrained, json, ...values }) => {
    const link = links.find(({ topic }) => topic === values.topic);
    if (!link) throw new WrongCall(`--topic is one of ${links.map(({ topic }) => topic).join(', ')}.`);
    const { topic } = link;
    const groupId = environmentGroup(link.replica);
    const count = numberOf('count', values.count ?? '');
    const patienceMs = apply ? numberOf('patience', values.patience) * 1_000 : 0;
    const settings = clusterSettings(new Access(values).neededBrokers);
    const run = async (admin: Admin) => {
      const before = await partitionsOf(admin, topic);
      if (!Number.isInteger(count) || count <= before) throw new WrongCall(`--count must be more than ${before}.`);
      const obstacle = undrained ? undefined : await whyNotDrained(settings, { groupId, topic }, patienceMs);
      const tell = (text: string) =>
        say(json ? JSON.stringify({ applied: apply, topic, before, count, obstacle }, null, 2) : text);
      if (!apply) {
        const now = obstacle === undefined ? '' : ` At this moment ${obstacle}: it would wait.`;
        tell(`${topic} has ${before} partitions, and would have ${count}.${now} Nothing was changed: --apply does it.`);
        return 0;
      }
      if (obstacle !== undefined) throw new Error(`${obstacle}: nothing was changed.`);
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
      tell(
        `${topic} has ${count} partitions instead of ${before}. Restart its owner and its consumer, then npm run reconcile.`,
      );
      return 0;
    };
    return withAdmin(settings, run, { topics: [topic] });
  },
});

async function partitionsOf(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions.length ?? 0;
}
