import { type RunningOrders, startOrders } from '../../test/running-orders';
import { blue, white } from '../../test/shop';

describe('what the service shows to everybody', () => {
  let orders: RunningOrders;

  beforeAll(async () => {
    orders = await startOrders();
  });

  afterAll(() => orders.stop());

  it('starts with a document of links', async () => {
    const { json } = await orders.request('GET', '/');
    expect(json).toEqual({
      _links: {
        customerOrderses: { href: `${orders.url}/customerOrderses{?page,size,sort}`, templated: true },
        profile: { href: `${orders.url}/profile` },
        order: { href: `${orders.url}/orders/{guid}`, templated: true },
        orders: { href: `${orders.url}/customers/{customerId}/orders{?page,size,sort}`, templated: true },
        products: { href: `${orders.url}/products{?page,size}`, templated: true },
        summary: { href: `${orders.url}/customers/summary{?page,size}`, templated: true },
      },
    });
  });

  it('has a profile of everything it has pages of', async () => {
    const { json } = await orders.request('GET', '/profile');
    const { _links: links } = json as { _links: Record<string, { href: string }> };
    expect(Object.keys(links)).toEqual(['self', 'customerOrderses', 'orders', 'products']);
    const answers = await Promise.all(Object.values(links).map(({ href }) => fetch(href)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const page = await orders.request('GET', '/products');
    expect(page.json).toMatchObject({ _links: { profile: links['products'] } });
  });

  it('has a catalogue of products, in pages', async () => {
    const { json } = await orders.request('GET', '/products');
    expect(json).toMatchObject({
      _embedded: { products: expect.arrayContaining([expect.objectContaining({ guid: white, price: 15.99 })]) },
      page: { size: 20, totalElements: 8, totalPages: 1, number: 0 },
    });
    const page = await orders.request('GET', '/products?size=3&page=2');
    expect((page.json as { _embedded: { products: unknown[] } })._embedded.products).toHaveLength(2);
  });

  it('has each product', async () => {
    const { json } = await orders.request('GET', `/products/${blue}`);
    expect(json).toMatchObject({
      title: 'Blue Widget',
      _links: { self: { href: `${orders.url}/products/${blue}` } },
    });
    expect((await orders.request('GET', '/products/none')).status).toBe(404);
  });

  it('says how it is, and describes itself', async () => {
    expect((await orders.request('GET', '/actuator/health/liveness')).json).toMatchObject({ status: 'UP' });
    const { json } = await orders.request('GET', '/v3/api-docs');
    const { info, paths } = json as { info: object; paths: Record<string, object> };
    expect(info).toMatchObject({ title: 'Storefront Demo - Orders API' });
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/orders/{guid}/approve', '/customers/{customerId}/orders', '/customers/summary']),
    );
  });
});
