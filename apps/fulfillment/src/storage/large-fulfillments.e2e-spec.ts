import { followPages } from '../../../../test/followed-pages';
import { aRequest } from '../../test/a-request';
import { type RunningFulfillment, startFulfillment } from '../../test/running-fulfillment';
import { fulfillmentModel } from './fulfillment.schema';

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

  it('come in pages of 4 MiB, each once, and all in the summary', async () => {
    const { elements, bytes } = await followPages(fulfillment, '/fulfillments?size=400&sort=timestamp');
    expect(elements).toEqual(ids.map((id) => `/fulfillments/${id}`));
    expect(Math.max(...bytes)).toBeLessThan(4 * 1024 * 1024 + 10_000);
    const { json } = await fulfillment.request('GET', '/fulfillments/summary');
    expect((json as { fulfillments: unknown[] }).fulfillments).toHaveLength(ids.length);
  });

  it('are all advanced by the sample URL', async () => {
    expect((await fulfillment.request('POST', '/fulfillments/sample/process')).status).toBe(200);
    const { json } = await fulfillment.request('GET', '/fulfillments/summary');
    const { fulfillments } = json as {
      fulfillments: { order: { orderStatusEvents: { orderStatusType: string }[] } }[];
    };
    const statuses = fulfillments.map(({ order }) => order.orderStatusEvents.at(-1)?.orderStatusType);
    expect(new Set(statuses)).toEqual(new Set(['PROCESSING']));
  });
});
