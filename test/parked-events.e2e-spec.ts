import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../embedded/ports';
import { eventually } from './eventually';
import { Storefront } from './system/storefront';

const topic = 'fulfillment.order.change';
const root = join(__dirname, '..');

interface Run {
  code: number | null;
  out: string;
  err: string;
}

/** The command line, against the services as they run. */
describe('npm run parked', () => {
  let storefront: Storefront;

  beforeAll(async () => {
    storefront = await Storefront.start();
  });
  afterAll(() => storefront.stop());

  function run(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', join(root, 'scripts', 'parked.ts'), ...args],
        { cwd: root, env: { ...process.env, ...env } },
        (_, out, err) => resolve({ code: child.exitCode, out, err }),
      );
    });
  }

  function parked(...args: string[]): Promise<Run> {
    const { username, password } = storefront.management;
    const env = { MANAGEMENT_USERNAME: username, MANAGEMENT_PASSWORD: password };
    return run([...args, '--url', storefront.url('orders')], env);
  }

  /** Nothing can be done about it by trying again. */
  async function poison(guid: string): Promise<string> {
    const headers = { ce_type: 'storefront.order.status-changed', ce_aggregateversion: '2', ce_previousversion: '0' };
    await storefront.topics.send(topic, [{ key: guid, value: `{"guid":"${guid}\u001b[2J`, headers }]);
    const lane = `${topic}|${guid}`;
    await eventually(
      () => storefront.stores.lanes('orders').countDocuments({ _id: lane }),
      (count) => count === 1,
    );
    return lane;
  }

  it('lists, shows, tries again, and discards for good', async () => {
    expect(await parked('list')).toMatchObject({ code: 0, out: 'Nothing is parked.\n' });
    const [a, b] = [await poison('order-a'), await poison('order-b')];
    const list = await parked('list', '--topic', topic, '--size', '1');
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toMatch(
      /^lane +events +bytes +age +attempts +next +reason\nfulfillment\.order\.change\|order-a +1 /,
    );
    expect(list.out).toContain('page 0 of 2 (--page), 2 lanes in all');
    const show = await parked('show', a);
    expect(show.code).toBe(0);
    expect(show.out).toContain('the value is not JSON');
    expect(show.out).toContain('key    order-a\n  value  {"guid":"order-a\\x1b[2J\n');
    expect(show.out).toMatch(/ce_aggregateversion +2\n/);
    const dry = await parked('redrive', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain('2 lanes; nothing was done (--dry-run)');
    const all = await parked('redrive', '--topic', topic);
    expect(all).toMatchObject({ code: 1 });
    expect(all.out).toContain('2 lanes: 0 events released, 2 left');
    expect(await parked('redrive', a)).toMatchObject({ code: 1 });
    const giveUp = ['discard', a, '--version', '2', '--reason', 'sent by a test'];
    const shown = await parked(...giveUp);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('nothing was done: --apply does it') });
    expect(await parked('discarded')).toMatchObject({ code: 0, out: 'Nothing was discarded.\n' });
    const discard = await parked(...giveUp, '--apply');
    expect(discard).toMatchObject({ code: 0 });
    expect(discard.out).toMatch(/^discarded of fulfillment\.order\.change\|order-a: version 2, at \d:0\n/);
    const given = await parked('discarded', a);
    expect(given).toMatchObject({ code: 0, out: expect.stringContaining('sent by a test') });
    expect(given.out).toContain('1 in all');
    const again = await parked(...giveUp, '--apply');
    expect(again).toEqual({ code: 1, out: '', err: `${a} is not parked.\n` });
    const left = JSON.parse((await parked('list', '--json')).out) as { lanes: { id: string }[] };
    expect(left.lanes.map(({ id }) => id)).toEqual([b]);
  });

  it('names a lane with control characters as it can be typed, and shows no card number in a reason', async () => {
    const guid = 'order-\u001b[2J\n\\';
    const headers = { ce_type: 'card 4111 1111 1111 1111', ce_aggregateversion: '2', ce_previousversion: '0' };
    await storefront.topics.send(topic, [{ key: guid, value: JSON.stringify({ guid }), headers }]);
    const lane = `${topic}|${guid}`;
    await eventually(
      () => storefront.stores.lanes('orders').countDocuments({ _id: lane }),
      (count) => count === 1,
    );
    const name = `${topic}|order-\\x1b[2J\\x0a\\\\`;
    const { out } = await parked('list');
    expect(out).toContain(`${name} `);
    expect(out).toContain('unknown event type card ****-****-****-1111');
    expect(out).not.toContain('4111');
    expect((await parked('list', '--json')).out).not.toContain('4111');
    const shown = await parked('show', name);
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining(`aggregate  order-\\x1b[2J\\x0a\\\\\n`)]);
    const discard = await parked('discard', name, '--version', '2', '--reason', 'a test', '--apply');
    expect([discard.code, discard.err]).toEqual([0, '']);
    expect((await parked('discarded', name)).out).toContain('card ****-****-****-1111');
    expect(await storefront.stores.lanes('orders').countDocuments({ _id: lane })).toBe(0);
  });

  it('gives up many at once, with one reason, only what was chosen and only when it is told to', async () => {
    const count = 30;
    const garbage = Array.from({ length: count }, (_, index) => ({ key: `garbage-${index}`, value: '{' }));
    const before = await storefront.stores.lanes('orders').countDocuments();
    await storefront.topics.send('accounts.customer.change', garbage);
    await storefront.topics.send(topic, [{ key: 'of-another-reason', value: '{"guid":' }]);
    await eventually(
      () => storefront.stores.lanes('orders').countDocuments(),
      (lanes) => lanes === before + count + 1,
    );
    const choice = [
      'discard',
      '--topic',
      'accounts.customer.change',
      '--reason-matches',
      'NOT json',
      '--reason',
      'ticket 17',
    ];
    const none = await parked(...choice, '--older-than', '1d', '--apply', '--json');
    expect([none.code, JSON.parse(none.out)]).toEqual([0, { applied: true, lanes: 0, discarded: 0, left: [] }]);
    const dry = await parked(...choice);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('accounts.customer.change|garbage-0 ');
    expect(dry.out).toContain(`${count} lanes, ${count} events; nothing was done: --apply gives them up`);
    expect(await storefront.stores.lanes('orders').countDocuments()).toBe(before + count + 1);
    const done = await parked(...choice, '--apply');
    expect(done).toMatchObject({ code: 0, out: `${count} events of ${count} lanes given up\n` });
    expect(await storefront.stores.lanes('orders').countDocuments()).toBe(before + 1);
    const { discarded } = JSON.parse((await parked('discarded', '--size', '100', '--json')).out) as {
      discarded: { reason: string; lane: string }[];
    };
    expect(
      discarded
        .filter(({ reason }) => reason === 'ticket 17')
        .map(({ lane }) => lane)
        .toSorted(),
    ).toEqual(garbage.map(({ key }) => `accounts.customer.change|${key}`).toSorted());
    expect(await parked(...choice, '--apply')).toMatchObject({ code: 0, out: '0 events of 0 lanes given up\n' });
  });

  it('shows first what it would skip, and where the consumer stands', async () => {
    const skip = ['skip', '--topic', topic, '--partition', '0', '--offset', '999', '--reason', 'a test'];
    const dry = await parked(...skip);
    expect([dry.code, dry.err]).toEqual([0, '']);
    expect(dry.out).toMatch(
      /^would skip fulfillment\.order\.change\[0:999\]; its consumer stands at \d+, of \d+\. Nothing/,
    );
    expect(await parked(...skip, '--apply')).toMatchObject({ code: 1, err: expect.stringContaining('no record at') });
  });

  it('says what is wrong with a call, and what the service says against it', async () => {
    expect(await parked('--help')).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^usage: /) });
    const wrongCalls = [
      ['look'],
      ['show'],
      ['discard', 'x', '--version', '2'],
      ['discard', '--reason', 'all of them'],
      ['list', '--colour', 'red'],
    ];
    for (const wrong of wrongCalls) {
      expect(await parked(...wrong)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('usage: ') });
    }
    expect(await parked('list', '--min-age', 'soon')).toMatchObject({
      code: 1,
      err: expect.stringContaining('minAge'),
    });
    expect(await parked('list', '--password', 'wrong')).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not accept'),
    });
    const port = await freePort();
    const nowhere = await run(['list', '--url', `http://127.0.0.1:${port}`, '--password', 'x']);
    const reason = `http://127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}\n`;
    expect(nowhere).toEqual({ code: 1, out: '', err: reason });
  });

  it('finds fulfillment open to it, the others and the gateway closed', async () => {
    const { username, password } = storefront.management;
    const credentials = ['--user', username, '--password', password];
    expect(await run(['list', '--url', storefront.url('fulfillment'), ...credentials])).toMatchObject({ code: 0 });
    for (const url of [`${storefront.gatewayUrl}/orders`, storefront.gatewayUrl, storefront.url('accounts')]) {
      const { code, err } = await run(['list', '--url', url, ...credentials]);
      expect([code, err]).toEqual([1, expect.stringContaining('There is no /actuator/parked here.')]);
    }
  });
});
