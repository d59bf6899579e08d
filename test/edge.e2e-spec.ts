import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { customerBody } from './system/bodies';
import { Storefront } from './system/storefront';
import { SERVICES } from '../scripts/system-settings';

const front = 'https://front.example';
const evil = 'https://evil.example';
const env = { ALLOWED_HOSTS: 'shop.example,127.0.0.1', CORS_ALLOWED_ORIGINS: front };

let storefront: Storefront;

beforeAll(async () => {
  storefront = await Storefront.start({ services: Object.fromEntries(SERVICES.map((name) => [name, { env }])) });
});

afterAll(() => storefront?.stop());

interface Told {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request as a browser or anybody else may send it: fetch would not let its Host or its Origin be chosen. */
function send(
  url: string,
  options: { method?: string; headers: Record<string, string>; body?: object },
): Promise<Told> {
  const { method = 'GET', headers, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) }, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    asked.once('error', reject).end(body && JSON.stringify(body));
  });
}

/** The same resource at a service and through the gateway. */
const doors = (): [string, string][] => [
  ['accounts', `${storefront.url('accounts')}/customers`],
  ['gateway', `${storefront.gatewayUrl}/accounts/customers`],
];

describe('a running system whose names are listed', () => {
  it('answers by these, and its links have the one that was called', async () => {
    for (const [door, url] of doors()) {
      const { status, text } = await send(url, { headers: { host: 'shop.example' } });
      const { self } = (JSON.parse(text) as { _links: { self: { href: string } } })._links;
      const path = door === 'gateway' ? '/accounts/customers' : '/customers';
      expect([door, status, self.href.split('?')[0]]).toEqual([door, 200, `http://shop.example${path}`]);
    }
  });

  it('refuses every other name, and answers probes under any', async () => {
    for (const [door, url] of doors()) {
      const { status, headers, text } = await send(url, { headers: { host: 'evil.example' } });
      expect([door, status, headers['content-type']]).toEqual([door, 421, 'application/problem+json']);
      expect(JSON.parse(text)).toMatchObject({ type: '/problems/misdirected' });
      const health = `${new URL(url).origin}/actuator/health`;
      expect((await send(health, { headers: { host: '10.0.0.7:8080' } })).status).toBe(200);
    }
  });
});

describe('a running system that lets one origin in', () => {
  it('answers its preflights, and no others', async () => {
    for (const [door, url] of doors()) {
      const asks = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
      const { status, headers } = await send(url, { method: 'OPTIONS', headers: { origin: front, ...asks } });
      expect([door, status]).toEqual([door, 200]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': front,
        'access-control-allow-methods': 'GET,HEAD,POST',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '1800',
      });
      for (const refused of [
        { origin: evil, ...asks },
        { origin: front, ...asks, 'access-control-request-method': 'DELETE' },
      ]) {
        const answer = await send(url, { method: 'OPTIONS', headers: refused });
        expect([door, answer.status, answer.headers['access-control-allow-origin']]).toEqual([door, 403, undefined]);
      }
    }
  });

  it('shows its pages what is read, once in each header, and others nothing', async () => {
    for (const [door, url] of doors()) {
      const { headers } = await send(url, { headers: { origin: front } });
      expect([door, headers['access-control-allow-origin']]).toEqual([door, front]);
      expect(headers['access-control-expose-headers']).toContain('ETag');
      const other = await send(url, { headers: { origin: evil } });
      expect([door, other.status, other.headers['access-control-allow-origin']]).toEqual([door, 200, undefined]);
    }
  });

  it('carries out what its pages send, and nothing that others do', async () => {
    for (const [door, url] of doors()) {
      const posted = await send(url, { method: 'POST', headers: { origin: front }, body: customerBody('Ada') });
      expect([door, posted.status, posted.headers['access-control-allow-origin']]).toEqual([door, 201, front]);
      const foreign: Record<string, string>[] = [
        { origin: evil },
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'null' },
      ];
      for (const headers of foreign) {
        const refused = await send(url, { method: 'POST', headers, body: customerBody('Eve') });
        expect([door, refused.status, refused.headers['access-control-allow-origin']]).toEqual([door, 403, undefined]);
      }
    }
  });
});

const browserPath = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
const where = browserPath === undefined ? ' (left out: no chromium at CHROMIUM or /usr/bin/chromium)' : '';

/** Neither sandbox nor network: it runs in containers, and asks nobody but the system. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

(browserPath === undefined ? describe.skip : describe)(`a browser${where}`, () => {
  let browser: Browser;
  let page: Page;
  /** What the page could not load or run, a content security policy included. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: switches });
  });

  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });

  afterEach(() => page.close());
  afterAll(() => browser?.close());

  /** Tries a GET out in Swagger UI with what it has filled in; the status that it shows. */
  async function tried(url: string, path: string): Promise<string> {
    await page.goto(url);
    const operation = page.locator('.opblock-get').filter({ has: page.locator(`[data-path="${path}"]`) });
    await operation.locator('.opblock-summary-control').first().click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const status = operation.locator('.live-responses-table .response-col_status').last();
    return (await status.innerText()).trim();
  }

  it.each([
    ['orders', '/swagger-ui/', '/products'],
    ['orders', '/swagger-ui/', '/products/{guid}'],
    ['accounts', '/swagger-ui/', '/customers'],
    ['fulfillment', '/swagger-ui/', '/fulfillments'],
    ['gateway', '/swagger-ui/', '/orders/products'],
    ['gateway', '/swagger-ui/', '/accounts/customers'],
    ['gateway', '/orders/swagger-ui/', '/customerOrderses'],
  ] as const)('tries out %s %s: GET %s', async (service, ui, path) => {
    expect([await tried(`${storefront.url(service)}${ui}`, path), complaints]).toEqual(['200', []]);
  });

  it('shows what a problem means', async () => {
    await page.goto(`${storefront.gatewayUrl}/problems/conflict`);
    expect(await page.locator('h1').innerText()).toBe('Conflict (conflict)');
    expect(complaints).toEqual([]);
  });
});
