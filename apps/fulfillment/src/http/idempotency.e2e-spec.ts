import { randomUUID } from 'node:crypto';
import { type RunningFulfillment, startFulfillment } from '../../test/running-fulfillment';
import { statusesOf, Warehouse } from '../../test/warehouse';
import type { Answer } from '../../../../test/http-client';

describe('a command of a fulfillment with an Idempotency-Key', () => {
  let warehouse: Warehouse;
  let other: RunningFulfillment;

  beforeAll(async () => {
    warehouse = await Warehouse.open();
    other = await another();
  });

  afterAll(async () => {
    await other?.stop();
    await warehouse?.close();
  });

  /** Another instance on the same store. */
  function another(): Promise<RunningFulfillment> {
    return startFulfillment({ MONGODB_URI: `${process.env.MONGODB_URI}/${warehouse.service.store.name}` });
  }

  async function command(path: string, key: string, body?: object, at = warehouse.service) {
    const headers = { 'idempotency-key': key, 'x-forwarded-host': new URL(warehouse.service.url).host };
    return essentials(await at.request('POST', `/fulfillments/${path}`, body, headers));
  }

  function essentials({ status, text, headers }: Answer) {
    return { status, text, etag: headers.get('etag') };
  }

  it('has one effect, of twenty at once at two instances, and all get the same answer', async () => {
    const [guid, key] = [await warehouse.one(), randomUUID()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        command(`${guid}/process`, key, { note: 'go' }, index % 2 ? warehouse.service : other),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, etag: '"2"' });
    expect(statusesOf(await warehouse.get(`/${guid}`))).toEqual(['CREATED', 'APPROVED', 'PROCESSING']);
    expect(await warehouse.topic.versionsOf(guid, 1)).toHaveLength(1);
  });

  it('is answered as the first time when the fulfillment has moved on, and after a restart', async () => {
    const guid = await warehouse.one();
    const keys = { process: randomUUID(), ship: randomUUID() };
    const processed = await command(`${guid}/process`, keys.process);
    const shipped = await command(`${guid}/ship`, keys.ship, { shippingMethod: 'UPS' });
    expect([processed.status, shipped.status]).toEqual([200, 200]);
    await warehouse.command(guid, 'in-transit');
    await other.stop();
    other = await another();
    expect(await command(`${guid}/process`, keys.process, undefined, other)).toEqual(processed);
    expect(await command(`${guid}/ship`, keys.ship, { shippingMethod: 'UPS' }, other)).toEqual(shipped);
    expect((await command(`${guid}/ship`, keys.ship, { shippingMethod: 'USPS' }, other)).status).toBe(422);
    expect(statusesOf(await warehouse.get(`/${guid}`)).at(-1)).toBe('IN_TRANSIT');
  });

  it('is refused with a key that is none', async () => {
    const refused = await command(`${await warehouse.one()}/process`, '""');
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
  });
});
