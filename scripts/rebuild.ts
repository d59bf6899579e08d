import { parseArgs } from 'node:util';
import {
  defaultPatience,
  done,
  isClean,
  type Link,
  OriginalService,
  reconcile,
  reportTable,
  type ServiceClient,
  TopicTail,
} from '@storefront/reconcile';
import { messageOf, numberOf, say } from './command-line';
import { environmentLinks } from './environment-links';
import { environmentGroup, namesUsage } from './kafka/environment-names';
import { clusterConfig, clusterSettings, clusterUsage, withAdmin } from './kafka/cluster';
import { accessUsage, services } from './repair-access';

const PAGE_SIZE = 1_000;

const usage = `
usage: npm run rebuild -- [--apply] [--rate 500] [--patience 600] [--brokers host:port]
       npm run rebuild -- --from-topic [--apply] [--brokers host:port]

Rebuilds the copy of the customers in Orders, emptied or damaged, while every service serves: Accounts sends all of them again,
deleted ones too, Orders takes what it lacks, then both are compared and what still differs is repaired. It empties nothing.
Shows how many both have; with --apply, does it. Ends with 0 when both are alike, 1 when not, 2 when it could not be done.

  --apply        do it
  --rate         customers a second
  --patience     seconds that Orders may take to come to the end of the topic
  --brokers      looks at the topic's last record of every customer too (default: KAFKA_BROKERS, if set)
  --from-topic   for the day on which Accounts lost customers that the topic still has: lets Orders read the topic from its
                 beginning at its next start. Orders must be stopped. Start it, then rebuild without this option: the topic alone
                 may have kept an old version as the last one
${accessUsage}
${clusterUsage}${namesUsage}
`;

const flag = { type: 'boolean', default: false } as const;

function options() {
  return parseArgs({
    options: {
      apply: flag,
      'from-topic': flag,
      rate: { type: 'string', default: '500' },
      patience: { type: 'string', default: '600' },
      brokers: { type: 'string', default: process.env['KAFKA_BROKERS'] ?? '' },
      help: { ...flag, short: 'h' },
    },
  }).values;
}

type Options = ReturnType<typeof options>;

/** The one copy that a single kind of event is enough for: each has all of a customer in it. */
function customers(): Link {
  const link = environmentLinks().find(({ ordering }) => ordering === 'state');
  if (!link) throw new Error('No service keeps a copy of a state.');
  return link;
}

async function main(): Promise<number> {
  const values = options();
  if (values.help) {
    say(usage.trim());
    return 0;
  }
  return values['from-topic'] ? readAnew(customers(), values) : rebuild(customers(), values);
}

async function rebuild(link: Link, { apply, brokers, ...values }: Options): Promise<number> {
  const [rate, patience] = [numberOf('rate', values.rate), numberOf('patience', values.patience)];
  const clients = services();
  if (await clients[link.replica].isOriginal()) throw new OriginalService(clients[link.replica].url);
  const { [link.owner]: owner, [link.replica]: replica } = clients;
  say(`${link.owner}: ${await count(owner, link)} ${link.name}, ${link.replica}: ${await count(replica, link)}`);
  if (!apply) {
    say('Nothing was changed: --apply rebuilds.');
    return 0;
  }
  const job = await owner.republish({ topic: link.topic, all: true, rate });
  say(`${link.owner} sends them again, job ${job.id}`);
  const { sent, raised } = await done(owner, job);
  say(`${sent} sent, ${raised} for the first time`);
  const report = await reconcile({
    services: clients,
    links: [link],
    repair: true,
    patience: { ...defaultPatience, patienceMs: patience * 1_000 },
    ...(brokers && { tailOf: (topic: string) => new TopicTail(clusterConfig(brokers), topic) }),
  });
  say(reportTable(report));
  return isClean(report) && report.comparisons.every(({ inFlight }) => inFlight.length === 0) ? 0 : 1;
}

async function count(service: ServiceClient, { topic }: Link): Promise<number> {
  let number = 0;
  for await (const page of service.pages(topic, PAGE_SIZE)) number += page.length;
  return number;
}

/** Kafka refuses it while the group has a member. */
async function readAnew({ topic, replica }: Link, { apply, brokers }: Options): Promise<number> {
  const groupId = environmentGroup(replica);
  if (!brokers) throw new Error('--brokers or KAFKA_BROKERS is expected.');
  await withAdmin(clusterSettings(brokers), async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const records = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    const { groups } = await admin.describeGroups([groupId]);
    const isRunning = groups.some(({ members }) => members.length > 0);
    say(`${topic}: up to ${records} records to read, ${groupId} ${isRunning ? 'is running' : 'is stopped'}`);
    if (!apply) return say(`Nothing was changed: stop ${groupId}, then --apply.`);
    if (isRunning) throw new Error(`${groupId} is running: stop every instance of it first. Nothing was changed.`);
    await admin.resetOffsets({ groupId, topic, earliest: true });
    say(`${groupId} reads ${topic} from its beginning at its next start. Start it, then: npm run rebuild -- --apply`);
  });
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  },
);
