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
import {
  Access,
  applyOption,
  brokersEnvironment,
  brokersOption,
  type Given,
  jsonOption,
  serviceEnvironment,
  serviceOptions,
} from './access';
import { runCommand } from './command';
import { numberOf, say } from './command-line';
import { environmentLinks } from './environment-links';
import { clusterConfig, clusterSettings, withAdmin } from './kafka/cluster';
import { environmentGroup } from './kafka/environment-names';
import { stopSignal } from './stop-signal';
import { terminalWidth, wrapped } from './terminal';

const PAGE_SIZE = 1_000;

interface Work extends Given {
  readonly apply: boolean;
  readonly json: boolean;
  readonly rate: string;
  readonly patience: string;
}

runCommand({
  name: 'rebuild',
  calls: ['[--apply] [--rate 500] [--patience 600]', '--from-topic [--apply]'],
  about: `
Rebuilds the copy of the customers in Orders, emptied or damaged, while every service serves: Accounts sends all of them again, deleted ones too,
Orders takes what it lacks, then both are compared and what still differs is repaired. It empties nothing. Without --apply it shows how many both
have. Ends with 0 when both are alike, with 1 when they are not or it could not be done.`,
  options: {
    ...applyOption,
    rate: { type: 'string', takes: '<number>', default: '500', says: 'customers a second' },
    patience: {
      type: 'string',
      takes: '<seconds>',
      default: '600',
      says: 'how long Orders may take to come to the end of the topic',
    },
    'from-topic': {
      type: 'boolean',
      default: false,
      says: 'for the day on which Accounts lost customers that the topic still has: lets Orders read the topic from its beginning at its next start. Orders must be stopped. Start it, then rebuild without this option: the topic alone may have kept an old version as the last one',
    },
    ...serviceOptions,
    brokers: {
      ...brokersOption.brokers,
      says: `${brokersOption.brokers.says}: where it is known, the topic's last record of every customer is looked at too`,
    },
    ...jsonOption,
  },
  environment: { ...serviceEnvironment, ...brokersEnvironment },
  run: (values) => (values['from-topic'] ? readAnew(customers(), values) : rebuild(customers(), values)),
});

/** The one copy that a single kind of event is enough for: each has all of a customer in it. */
function customers(): Link {
  const link = environmentLinks().find(({ ordering }) => ordering === 'state');
  if (!link) throw new Error('No service keeps a copy of a state.');
  return link;
}

async function rebuild(link: Link, { apply, json, ...values }: Work): Promise<number> {
  const [rate, patience] = [numberOf('rate', values.rate), numberOf('patience', values.patience)];
  const tell = (line: string) => (json ? process.stderr.write(`${line}\n`) : say(line));
  const access = new Access(values);
  const { brokers } = access;
  const kafka = brokers === undefined ? undefined : clusterConfig(brokers);
  const clients = access.clients();
  if (await clients[link.replica].isOriginal()) throw new OriginalService(clients[link.replica].url);
  const { [link.owner]: owner, [link.replica]: replica } = clients;
  const before = { [link.owner]: await count(owner, link), [link.replica]: await count(replica, link) };
  tell(`${link.owner}: ${before[link.owner]} ${link.name}, ${link.replica}: ${before[link.replica]}`);
  if (!apply) {
    if (json) say(JSON.stringify({ applied: false, before }, null, 2));
    tell('Nothing was changed: --apply rebuilds.');
    return 0;
  }
  const job = await owner.republish({ topic: link.topic, all: true, rate });
  tell(`${link.owner} sends them again, job ${job.id}`);
  const { sent, raised } = await done(owner, job);
  tell(`${sent} sent, ${raised} for the first time`);
  const report = await reconcile({
    services: clients,
    links: [link],
    repair: true,
    patience: { ...defaultPatience, patienceMs: patience * 1_000 },
    ...(kafka && { tailOf: (topic: string) => new TopicTail(kafka, topic) }),
    signal: stopSignal(),
  });
  const clean = isClean(report) && report.comparisons.every(({ inFlight }) => inFlight.length === 0);
  const asJson = () => JSON.stringify({ applied: true, before, sent, raised, clean, ...report }, null, 2);
  say(json ? asJson() : wrapped(reportTable(report), terminalWidth()));
  return clean ? 0 : 1;
}

async function count(service: ServiceClient, { topic }: Link): Promise<number> {
  let number = 0;
  for await (const page of service.pages(topic, PAGE_SIZE)) number += page.length;
  return number;
}

/** Kafka refuses it while the group has a member. */
async function readAnew({ topic, replica }: Link, { apply, json, ...given }: Work): Promise<number> {
  const groupId = environmentGroup(replica);
  const settings = clusterSettings(new Access(given).neededBrokers);
  await withAdmin(settings, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const records = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    const { groups } = await admin.describeGroups([groupId]);
    const isRunning = groups.some(({ members }) => members.length > 0);
    const state = `${topic}: up to ${records} records to read, ${groupId} ${isRunning ? 'is running' : 'is stopped'}`;
    const tell = (text: string) =>
      say(json ? JSON.stringify({ applied: apply, topic, records, groupId, isRunning }, null, 2) : `${state}\n${text}`);
    if (!apply) return tell(`Nothing was changed: stop ${groupId}, then --apply.`);
    if (isRunning) throw new Error(`${groupId} is running: stop every instance of it first. Nothing was changed.`);
    await admin.resetOffsets({ groupId, topic, earliest: true });
    tell(`${groupId} reads ${topic} from its beginning at its next start. Start it, then: npm run rebuild -- --apply`);
  });
  return 0;
}
