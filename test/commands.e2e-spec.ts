import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../embedded/ports';
import { runningOn } from '../scripts/system-access';
import { customerBody } from './system/bodies';
import { command, type Ended } from './system/command';
import { Storefront } from './system/storefront';

const changes = 'accounts.customer.change';
/** As in a new terminal. */
const empty = {
  ACCOUNTS_URL: '',
  ORDERS_URL: '',
  FULFILLMENT_URL: '',
  KAFKA_BROKERS: '',
  MONGODB_URI: '',
  MANAGEMENT_USERNAME: '',
  MANAGEMENT_PASSWORD: '',
};

describe("operators' commands", () => {
  let storefront: Storefront;
  let dataDir: string;

  beforeAll(async () => {
    storefront = await Storefront.start();
    dataDir = storefront.systemDataDir;
    const put = await storefront.request('PUT', '/accounts/customers/ada', customerBody('ada'));
    if (put.status > 299) throw new Error(put.text);
    await storefront.settled();
  });
  afterAll(async () => {
    await storefront.stop();
    if (runningOn(dataDir)) throw new Error('what was stopped is taken for running');
  });

  const run = (script: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> =>
    command(script, args, { ...empty, STOREFRONT_DATA_DIR: dataDir, ...env });

  it('find the system that runs on the data directory, whose addresses nobody else may read', async () => {
    expect((statSync(join(dataDir, 'running.json')).mode & 0o777).toString(8)).toBe('600');
    const reconcile = await run('reconcile', ['--json', '--pause', '0.5']);
    expect([reconcile.code, JSON.parse(reconcile.stdout)]).toEqual([0, expect.objectContaining({ clean: true })]);
    const parked = await run('parked', ['list']);
    expect(parked).toEqual({
      code: 0,
      stdout: 'orders:\nNothing is parked.\n\nfulfillment:\nNothing is parked.\n',
      stderr: '',
    });
    const others: [string, string[]][] = [
      ['republish', ['--topic', changes, '--list']],
      ['rebuild', []],
      ['partitions', ['--topic', changes, '--count', '4']],
      ['kafka-topics', ['--groups']],
      ['migrate-orders', []],
    ];
    for (const [script, args] of others) {
      const [text, json] = await Promise.all([run(script, args), run(script, [...args, '--json'])]);
      expect([script, text.code]).toEqual([script, 0]);
      expect([script, json.code, typeof JSON.parse(json.stdout)]).toEqual([script, 0, 'object']);
    }
  });

  it('send its password to no other address, and take no system for running that has ended', async () => {
    const elsewhere = await run('parked', ['list', '--url', `orders=http://127.0.0.1:${await freePort()}`]);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining('There is no management password')]);
    const left = mkdtempSync(join(tmpdir(), 'storefront-left-'));
    const noted = { ...runningOn(dataDir), pid: process.pid };
    writeFileSync(join(left, 'running.json'), JSON.stringify(noted));
    expect(runningOn(left)).toBeUndefined();
    rmSync(left, { recursive: true });
  });

  it('name an address that cannot be reached, and why', async () => {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const urls = ['--url', `orders=http://${address}`, '--password', 'x'];
    const refused = `connect ECONNREFUSED ${address}`;
    const ended = await Promise.all([
      run('reconcile', urls),
      run('rebuild', urls),
      run('republish', ['--topic', changes, '--all', ...urls]),
      run('parked', ['list', '--service', 'orders', ...urls]),
      run('partitions', ['--topic', changes, '--count', '4', '--brokers', address]),
      run('kafka-topics', ['--brokers', address]),
      run('kafka-acls', ['--brokers', address]),
      run('sample-data', ['--url', `http://${address}`]),
      run('migrate-orders', ['--mongodb', `mongodb://${address}/orders?serverSelectionTimeoutMS=500`]),
    ]);
    for (const { code, stderr } of ended) {
      expect([code, stderr]).toEqual([1, expect.stringContaining(refused)]);
      expect(stderr).not.toContain('usage:');
      expect(stderr).not.toContain('fetch failed');
    }
  });

  it('end with 2 and the usage for a wrong call', async () => {
    const calls: [string, string[]][] = [
      ['reconcile', ['--colour']],
      ['reconcile', ['--pause', 'soon']],
      ['republish', ['--topic', 'x', '--all']],
      ['republish', ['--topic', changes]],
      ['rebuild', ['now']],
      ['partitions', ['--topic', changes]],
      ['partitions', ['--topic', changes, '--count', '2']],
      ['kafka-topics', ['--replication', '0']],
      ['kafka-acls', ['--user', 'nobody']],
      ['kafka-acls', ['--brokers', 'nonsense']],
      ['sample-data', ['--url', 'nowhere']],
    ];
    const ended = await Promise.all(calls.map(([script, args]) => run(script, args)));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect([calls[index], code, stdout, stderr]).toEqual([
        calls[index],
        2,
        '',
        expect.stringContaining('usage: npm run'),
      ]);
    }
  });

  it('republish nothing when an id is unknown, and name it', async () => {
    const before = (await storefront.topics.read(changes)).length;
    const ids = ['--topic', changes, '--id', 'ada', '--id', 'nobody', '--id', 'no one'];
    const unknown = await run('republish', ids);
    expect([unknown.code, unknown.stdout]).toEqual([1, '']);
    expect(unknown.stderr).toBe(`accounts has nothing of nobody, no one for ${changes}: nothing was sent.\n`);
    expect((await storefront.topics.read(changes)).length).toBe(before);
    const known = await run('republish', ['--topic', changes, '--id', 'ada']);
    expect(known).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('done: 1 sent, 0 raised') });
    expect((await storefront.topics.read(changes)).length).toBe(before + 1);
  });
});
