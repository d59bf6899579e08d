import { RunningGateway } from '../../test/running-gateway';

const document = {
  openapi: '3.1.0',
  info: { title: 'Accounts', version: '1' },
  paths: { '/customers': { get: { operationId: 'listCustomers', responses: {} } } },
};

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await RunningGateway.start();
  gateway.accounts.answer = (_seen, response) => response.end(JSON.stringify(document));
});

afterAll(() => gateway.stop());

describe('the API behind the gateway', () => {
  it('is told in one document, which names the services that are away, and is kept for a while', async () => {
    const { status, headers, json } = await gateway.get('/v3/api-docs', { 'x-forwarded-prefix': '/shop' });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching('^application/json')]);
    expect(json).toMatchObject({
      servers: [{ url: `${gateway.url}/shop` }],
      info: { description: expect.stringMatching('do not answer: orders, fulfillment') as string },
      paths: { '/accounts/customers': { get: { operationId: 'accounts.listCustomers' } } },
    });
    await gateway.get('/v3/api-docs');
    expect(gateway.accounts.seen.map(({ url }) => url)).toEqual(['/v3/api-docs']);
  });

  it('is shown by Swagger UI, which finds the document beside itself', async () => {
    const [page, settings] = await Promise.all([
      gateway.get('/swagger-ui/'),
      gateway.get('/swagger-ui/swagger-ui-init.js'),
    ]);
    expect([page.status, settings.status]).toEqual([200, 200]);
    expect(page.text).not.toMatch(/(href|src)="\//);
    expect(settings.text).toContain('"url": "../v3/api-docs"');
  });
});
