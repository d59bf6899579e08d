import { followPages } from '../../../../test/followed-pages';
import { aRequest } from '../../test/a-request';
import { type RunningFulfillment, startFulfillment } from '../../test/running-fulfillment';
import { fulfillmentModel } from './fulfillment.schema';

interface Summary {
  fulfillments: { id: string; order: { orderStatusEvents: { orderStatusType: string }[] } }[];
}

describe('fulfillments of 250 KB', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `f-${String(index).padStart(4, '0')}`);
  let fulfillment: RunningFulfillment;

  beforeAll(async () => {
    fulfillment = await startFulfillment();
    const collection = fulfillment.store.collection(fulfillmentModel.collection);
    for (const id of ids) {
      const { order, ...rest } = aRequest(id);
      const [first, ...others] = order.orderStatusEvents;
      const orderStatusEvents = [{ ...first, note: 'n'.repeat(250_000) }, ...others];
      await collection.insertOne({ _id: id as never, version: 1, ...rest, order: { ...order, orderStatusEvents } });
    }
  }, 60_000);

  afterAll(() => fulfillment?.stop());

  /** The service hears of orders of other specs too. */
  const own = <T>(all: readonly T[], idOf: (each: T) => string) => all.filter((each) => ids.includes(idOf(each)));

  async function summary(): Promise<Summary['fulfillments']> {
    const { json } = await fulfillment.request('GET', '/fulfillments/summary');
    return own((json as Summary).fulfillments, ({ id }) => id);
  }

  it('come in pages of 4 MiB, each once, and all in the summary', async () => {
    const { elements, bytes } = await followPages(fulfillment, '/fulfillments?size=400&sort=timestamp');
    const read = elements.map((path) => path.slice('/fulfillments/'.length));
    expect(own(read, (id) => id)).toEqual(ids);
    expect(Math.max(...bytes)).toBeLessThan(4 * 1024 * 1024 + 10_000);
    expect((await summary()).map(({ id }) => id)).toEqual(ids);
  });

  it('are all advanced by the sample URL', async () => {
    expect((await fulfillment.request('POST', '/fulfillments/sample/process')).status).toBe(200);
    const statuses = (await summary()).map(({ order }) => order.orderStatusEvents.at(-1)?.orderStatusType);
    expect(statuses).toEqual(ids.map(() => 'PROCESSING'));
  });
});
