import { statSync } from 'node:fs';
import { join } from 'node:path';
import { consumedBy, customerChanges, fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { eventually } from '../eventually';
import { SecuredStorefront } from './secured-storefront';

const owned = {
  accounts: customerChanges.name,
  orders: fulfillmentRequests.name,
  fulfillment: orderStatusChanges.name,
};
const topics = Object.values(owned);
const services = ['accounts', 'orders', 'fulfillment'] as const;

/** A cluster whose disks are where Strimzi has them. */
const strimzi = { 'log.dirs': 'var/lib/kafka/data-0/kafka-log1' };

let secured: SecuredStorefront;

beforeAll(async () => {
  secured = await SecuredStorefront.start(strimzi);
});
afterAll(() => secured.stop());

const lines = (text: string, sign: string) => text.split('\n').filter((line) => line.startsWith(`${sign} `)).length;
const acls = (...args: string[]) => secured.asAdministrator('kafka-acls', '--passwords', secured.passwords, ...args);

it('show what they would do, and do nothing', async () => {
  const plan = await acls();
  expect([plan.code, lines(plan.stdout, '+'), plan.stdout.includes('Nothing was changed')]).toEqual([0, 14, true]);
  expect(plan.stdout).toMatch(/^\+ user {2}orders {2}SCRAM-SHA-512, password in /m);
  expect(plan.stdout).toContain("This cluster is Strimzi's");
});

it('leave a cluster of Strimzi alone unless they are forced', async () => {
  const { code, stdout, stderr } = await acls('--apply');
  expect([code, stderr]).toEqual([1, expect.stringContaining('Nothing was changed: write KafkaUsers')]);
  expect(lines(stdout, '=')).toBe(0);
});

it('do it once, and never show a password', async () => {
  const topicsMade = await secured.asAdministrator('kafka-topics', '--apply');
  expect([topicsMade.code, lines(topicsMade.stdout, '+')]).toEqual([0, 3]);
  const { code, stdout } = await acls('--apply', '--force');
  expect([code, lines(stdout, '+')]).toEqual([0, 14]);
  const passwords = services.map((user) => secured.passwordOf(user));
  expect(new Set(passwords).size).toBe(3);
  for (const password of passwords) expect(stdout).not.toContain(password);
  expect(statSync(join(secured.passwords, 'orders')).mode & 0o777).toBe(0o600);
  const again = await acls('--apply', '--force');
  expect([lines(again.stdout, '+'), lines(again.stdout, '='), again.code]).toEqual([0, 14, 0]);
  expect(services.map((user) => secured.passwordOf(user))).toEqual(passwords);
  const seen = await secured.asAdministrator('kafka-topics');
  expect([lines(seen.stdout, '='), seen.stdout.includes('left as it is')]).toEqual([3, false]);
});

it('say of a user who is there that its password is not', async () => {
  const { stdout } = await secured.asAdministrator('kafka-acls', '--passwords', join(secured.passwords, 'others'));
  expect(stdout).toMatch(
    /^= user {2}orders {2}SCRAM-SHA-512, whose password is not in \S+: --rotate orders makes one$/m,
  );
});

it('say who may not do what', async () => {
  const wrong = await secured.as('accounts', 'wrong', 'kafka-acls');
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/^User:accounts cannot log in at \S+ with SCRAM-SHA-512/),
  ]);
  const poor = await secured.as('accounts', secured.passwordOf('accounts'), 'kafka-acls');
  expect([poor.code, poor.stderr]).toEqual([
    1,
    expect.stringMatching(/^User:accounts has no right to DescribeConfigs on Cluster/),
  ]);
});

it('refuse what they do not understand', async () => {
  const { code, stderr } = await acls('--user', 'billing=x');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^--user billing=x: orders=<user> is expected\.\n\nusage: /);
});

describe.each(services)('the user of %s', (service) => {
  function client(password = secured.passwordOf(service)): Kafka {
    return new Kafka({
      brokers: [secured.kafka.sasl],
      sasl: { mechanism: 'scram-sha-512', username: service, password },
      logLevel: logLevel.NOTHING,
      retry: { retries: 1 },
    });
  }

  async function mayWrite(topic: string): Promise<boolean> {
    const producer = client().producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const sent = await producer.send({ topic, messages: [{ value: '{}' }] }).then(
      () => true,
      () => false,
    );
    await producer.disconnect();
    return sent;
  }

  async function mayRead(topic: string, groupId: string): Promise<boolean> {
    const consumer = client().consumer({ groupId, retry: { retries: 1, restartOnFailure: async () => false } });
    const crashed = new Promise<false>((resolve) => consumer.on('consumer.crash', () => resolve(false)));
    const fetched = new Promise<true>((resolve) => consumer.on('consumer.fetch', () => resolve(true)));
    try {
      await consumer.connect();
      await consumer.subscribe({ topic });
      await consumer.run({ eachBatch: async () => undefined });
      return await Promise.race([crashed, fetched]);
    } catch {
      return false;
    } finally {
      await consumer.disconnect();
    }
  }

  it('may write its own topic, and no other', async () => {
    // a rule takes a moment to reach the broker
    await eventually(
      () => mayWrite(owned[service]),
      (may) => may,
    );
    for (const topic of topics) expect([topic, await mayWrite(topic)]).toEqual([topic, topic === owned[service]]);
  });

  it('may read what its service consumes, as its own group only', async () => {
    const consumed: readonly string[] = consumedBy[service].map(({ name }) => name);
    const [first] = consumed;
    // the first group makes Kafka create the topic of its offsets
    if (first) {
      await eventually(
        () => mayRead(first, service),
        (may) => may,
      );
    }
    for (const topic of topics) {
      expect([topic, await mayRead(topic, service)]).toEqual([topic, consumed.includes(topic)]);
    }
    for (const topic of consumed) expect([topic, await mayRead(topic, `${service}-2`)]).toEqual([topic, false]);
  });

  it('may know for how long the topics that it reads keep their records, and of no other', async () => {
    const consumed: readonly string[] = consumedBy[service].map(({ name }) => name);
    const admin = client().admin();
    await admin.connect();
    const mayKnow = (name: string) =>
      admin
        .describeConfigs({
          includeSynonyms: false,
          resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames: ['retention.ms'] }],
        })
        .then(
          ({ resources }) => resources[0]?.configEntries[0]?.configName === 'retention.ms',
          () => false,
        );
    try {
      for (const topic of topics) expect([topic, await mayKnow(topic)]).toEqual([topic, consumed.includes(topic)]);
    } finally {
      await admin.disconnect();
    }
  });

  it('has to know the password', async () => {
    await expect(client('something else').admin().connect()).rejects.toThrow('authentication failed');
  });
});
