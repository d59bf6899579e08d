import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';
import { type DocumentedCall, documentedCalls } from '../scripts/testing/documented-calls';
import { Operator } from './repair/operator';
import { customerBody } from './system/bodies';
import { command, type Ended } from './system/command';
import { eventually } from './eventually';
import { Storefront } from './system/storefront';

const { scripts } = JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const customers = 'accounts.customer.change';
const statuses = 'fulfillment.order.change';
/** The id that a page gives as its example. */
const exampleId = '5f0000000000000000000001';
/** Of a whole sentence, so that what is done is only shown. */
const doing = ['--apply', '--repair', '--adopt'];
/** What the pages say besides, of which there is nothing in a healthy system, ends with 1. */
const mayFail = ['parked', 'kafka:acls'];

/** A sentence names a command that does nothing without options, or that is not for operators. */
const isOnlyNamed = (name: string, args: readonly string[]) =>
  ['start', 'demo', 'check:deploy:deep', 'test:faults', 'test:long'].includes(name) ||
  (args.length === 0 && ['republish', 'partitions'].includes(name));

/** Each command of each page once: what changes something in its dry run. */
const calls = [
  ...new Map(documentedCalls().map((call) => [JSON.stringify([call.name, call.args, call.env]), call])).values(),
].filter(({ name, args }) => !isOnlyNamed(name, args));

it('there are many calls, of every command for operators', () => {
  expect(calls.length).toBeGreaterThan(40);
  const names = new Set(calls.map(({ name }) => name));
  for (const name of ['parked', 'reconcile', 'republish', 'rebuild', 'partitions', 'kafka:topics', 'migrate:ids'])
    expect([name, names.has(name)]).toEqual([name, true]);
});

describe('the pages for operators, followed on a running system', () => {
  let storefront: Storefront;
  let lane: string;
  let position: string;
  let job: string;

  beforeAll(async () => {
    storefront = await Storefront.start();
    const operator = new Operator(storefront);
    for (const id of ['ada', exampleId]) {
      await operator.succeed('PUT', `/accounts/customers/${id}`, customerBody(id));
    }
    await storefront.settled();
    const guid = await operator.orderFor('ada');
    await storefront.settled();
    // so that there are lanes to look at: of a customer, and of an order
    for (const [topic, key] of [
      [customers, 'broken'],
      [statuses, guid],
    ] as const)
      await storefront.topics.send(topic, [{ key, value: '{' }]);
    lane = `${statuses}|${guid}`;
    const shown = await eventually(
      () => run('parked', ['show', lane, '--json']),
      ({ code }) => code === 0,
    );
    position = /"position": ?"(\d+:\d+)"/.exec(shown.stdout)?.[1] ?? '';
    const sent = await run('republish', ['--topic', 'orders.order.fulfill', '--id', guid, '--json']);
    job = (JSON.parse(sent.stdout) as { id: string }).id;
  });

  afterAll(() => storefront?.stop());

  /** As in a new terminal, in the folder of the system. */
  function run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const file = /scripts\/(\S+)\.ts/.exec(scripts[name] ?? '')?.[1];
    if (file === undefined) throw new Error(`there is no npm run ${name}`);
    const none = { KAFKA_BROKERS: '', MONGODB_URI: '', STOREFRONT_DATA_DIR: storefront.systemDataDir };
    return command(file, args, { ...none, ...env });
  }

  /** What a person puts in the places that a page leaves open. */
  function filledIn({ name, args }: DocumentedCall): string[] {
    const values: Readonly<Record<string, string>> = {
      '<lane>': lane,
      [`${statuses}|<guid>`]: lane,
      '<topic>': customers,
      t: customers,
      '<id>': 'ada',
      '<job>': job,
      '<p:o>': position,
      '0:4711': position,
      '<n>': '1',
      '<first>': '0',
      '<last>': '9',
    };
    return args
      .filter((arg) => !doing.includes(arg))
      .map((arg, index) => {
        if (arg === '…') return openValue(args.filter((each) => !doing.includes(each))[index - 1], storefront);
        // of a republish, the topics of an environment of its own are those of this one
        if (name === 'republish' && arg.startsWith('test-')) return arg.slice('test-'.length);
        return values[arg] ?? arg;
      });
  }

  it.each(calls.map((call): [string, DocumentedCall] => [`${call.page}: ${call.name} ${call.args.join(' ')}`, call]))(
    '%s',
    async (_, call) => {
      const args = filledIn(call);
      const { code, stdout, stderr } = await run(call.name, args, call.env);
      expect([args, stderr]).toEqual([args, expect.not.stringContaining('usage:')]);
      const right = mayFail.includes(call.name) ? [0, 1] : [0];
      expect([args, right.includes(code ?? -1), code === 0 ? '' : `${stdout}${stderr}`]).toEqual([
        args,
        true,
        code === 0 ? '' : expect.any(String),
      ]);
      // what ends with 1 says why
      if (code !== 0) expect(`${stdout}${stderr}`.trim()).not.toBe('');
    },
  );
});

/** What stands for the three dots behind an option. */
function openValue(option: string | undefined, storefront: Storefront): string {
  if (option === '--brokers') return storefront.operations['KAFKA_BROKERS'] ?? '';
  if (option === '--topic') return customers;
  return option === '--reason' ? 'tried by a test' : '0';
}
