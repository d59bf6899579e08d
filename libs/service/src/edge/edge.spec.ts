import { Controller, Get, Header, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Changes, HalController, halItem, requestBase } from '@storefront/hal';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readEnvironment } from '../environment';
import { processEnvironment } from '../service-environment';
import { createService } from '../start-service';

@HalController('people')
class PeopleController {
  @Get(':id')
  one() {
    return halItem({ rel: 'person', path: '/people/7', content: { name: 'Ada' }, version: 3 });
  }

  @Post()
  create(): string {
    return 'created';
  }
}

@Controller()
class OthersController {
  @Get('products')
  products(): string {
    return 'products';
  }

  @Changes()
  @Get('sample')
  sample(): string {
    return 'changed';
  }

  @Get('page')
  @Header('content-type', 'text/html;charset=UTF-8')
  page(): string {
    return '<p>a page</p>';
  }

  @Get('base')
  base(@Req() request: FastifyRequest): object {
    return { base: requestBase(request), ip: request.ip };
  }
}

@Module({ controllers: [PeopleController, OthersController] })
class EdgeModule {}

const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;
const evil = { origin: 'http://evil.example' };
const api = { title: 'API', description: 'For tests.', resources: [] };
let app: NestFastifyApplication | undefined;
let started = '';

/** The one that runs is taken again where it has these settings. */
async function start(settings: Record<string, string> = {}): Promise<void> {
  if (started === JSON.stringify(settings)) return;
  await app?.close();
  started = JSON.stringify(settings);
  const environment = readEnvironment(z.object(processEnvironment(0)), {
    LOG_LEVEL: 'silent',
    MANAGEMENT_USERNAME: 'ops',
    MANAGEMENT_PASSWORD: 'secret',
    ...settings,
  });
  const http = { impersonalPaths: ['/products'] };
  app = await createService(EdgeModule, { name: 'edge', api, environment, http });
}

afterAll(() => app?.close());

type Method = 'GET' | 'POST' | 'DELETE' | 'OPTIONS';

async function send(method: Method, url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') {
  if (!app) throw new Error('Nothing was started.');
  const answer = await app.inject({ method, url, headers: { host: 'shop.example', ...headers }, remoteAddress });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
}

describe('a page of another origin', () => {
  beforeEach(() => start());

  it.each<[Method, string, Record<string, string>]>([
    ['POST', '/people', evil],
    ['POST', '/people', { origin: 'null' }],
    ['POST', '/people', { 'sec-fetch-site': 'cross-site' }],
    ['POST', '/people', { 'sec-fetch-site': 'same-site' }],
    ['DELETE', '/people/7', evil],
    ['POST', '/nowhere', evil],
    ['POST', '/actuator/loggers/ROOT', evil],
    ['GET', '/sample', evil],
    ['GET', '/sample', { 'sec-fetch-site': 'cross-site' }],
  ])('may not change anything: %s %s %j', async (method, url, headers) => {
    const { status, headers: answered, text } = await send(method, url, { ...headers, authorization });
    expect([status, answered['content-type']]).toEqual([403, 'application/problem+json']);
    expect(JSON.parse(text)).toMatchObject({ status: 403, detail: expect.stringContaining('CORS_ALLOWED_ORIGINS') });
  });

  it('may read what is no secret, without seeing it', async () => {
    const { status, headers } = await send('GET', '/people/7', evil);
    expect([status, headers['access-control-allow-origin']]).toEqual([200, undefined]);
    expect((await send('GET', '/actuator/health/liveness', evil)).status).toBe(200);
  });

  it.each(['env', 'loggers', 'threaddump'])('may not even read the guarded %s', async (endpoint) => {
    expect((await send('GET', `/actuator/${endpoint}`, { ...evil, authorization })).status).toBe(403);
    expect((await send('GET', `/actuator/${endpoint}`, { authorization })).status).toBe(200);
  });

  it('gets no preflight', async () => {
    const preflight = { ...evil, 'access-control-request-method': 'POST' };
    expect(await send('OPTIONS', '/people', preflight)).toMatchObject({ status: 403, text: 'Invalid CORS request' });
  });
});

describe('who is no page of another origin', () => {
  beforeEach(() => start());

  it.each<[string, Record<string, string>]>([
    ['curl', {}],
    ['the own page', { origin: 'https://shop.example', 'sec-fetch-site': 'same-origin' }],
    ['the own page of an old browser', { origin: 'http://shop.example' }],
    ['the own page behind a proxy', { origin: 'https://front.example', 'x-forwarded-host': 'front.example' }],
  ])('may write: %s', async (_, headers) => {
    expect((await send('POST', '/people', headers)).status).toBe(201);
    expect((await send('GET', '/sample', headers)).status).toBe(200);
  });
});

describe('origins that are let in', () => {
  const shop = 'https://app.example';

  it('get the headers that Spring gives them', async () => {
    await start({
      CORS_ALLOWED_ORIGINS: `${shop},http://127.0.0.1:3000`,
      CORS_ALLOWED_HEADERS: 'content-type,if-match',
    });
    const asked = {
      origin: shop,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'Content-Type',
    };
    const preflight = await send('OPTIONS', '/people', asked);
    expect(preflight).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': shop,
        'access-control-allow-methods': 'GET,HEAD,POST',
        'access-control-allow-headers': 'Content-Type',
        'access-control-max-age': '1800',
      },
    });
    const { status, headers } = await send('POST', '/people', { origin: shop });
    expect([status, headers['access-control-allow-origin']]).toEqual([201, shop]);
    expect(headers['access-control-expose-headers']).toContain('ETag');
    expect(String(headers['vary'])).toContain('Origin');
    const refused = [
      await send('POST', '/people', evil),
      await send('DELETE', '/people/7', { origin: shop }),
      await send('OPTIONS', '/people', { ...asked, ...evil }),
      await send('OPTIONS', '/people', { ...asked, 'access-control-request-method': 'DELETE' }),
      await send('OPTIONS', '/people', { ...asked, 'access-control-request-headers': 'x-other' }),
      await send('GET', '/actuator/env', { origin: shop, authorization }),
      await send('OPTIONS', '/actuator/env', { ...asked, 'access-control-request-method': 'GET' }),
    ];
    expect(refused.map((each) => each.status)).toEqual(Array(refused.length).fill(403));
    expect((await send('GET', '/actuator/health', { origin: shop })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });

  it('may be all of them', async () => {
    await start({ CORS_ALLOWED_ORIGINS: '*', CORS_ALLOWED_METHODS: '*', CORS_MAX_AGE: '10m' });
    const { headers } = await send('DELETE', '/people/7', evil);
    expect(headers['access-control-allow-origin']).toBe('*');
    const preflight = await send('OPTIONS', '/people/7', { ...evil, 'access-control-request-method': 'DELETE' });
    expect(preflight.headers).toMatchObject({
      'access-control-allow-methods': 'DELETE',
      'access-control-max-age': '600',
    });
  });

  it('are told apart for management, and never get to what is guarded', async () => {
    await start({ 'management.endpoints.web.cors.allowed-origins': shop });
    const { headers } = await send('GET', '/actuator/health', { origin: shop });
    expect(headers['access-control-allow-origin']).toBe(shop);
    expect((await send('GET', '/actuator/env', { origin: shop, authorization })).status).toBe(403);
    expect((await send('POST', '/people', { origin: shop })).status).toBe(403);
  });

  it.each([
    ['CORS_ALLOWED_ORIGINS', 'app.example'],
    ['CORS_ALLOWED_ORIGINS', 'https://app.example/'],
    ['CORS_MAX_AGE', 'long'],
    ['ALLOWED_HOSTS', 'https://shop.example'],
    ['TRUSTED_PROXIES', 'everybody'],
  ])('are checked at the start: %s=%s', async (name, value) => {
    await start();
    expect(() => readEnvironment(z.object(processEnvironment(0)), { [name]: value })).toThrow(`${name} is '${value}'`);
  });
});

describe('the host that was called', () => {
  it('may be any, unless there is a list', async () => {
    await start();
    expect((await send('GET', '/products', { host: 'anything.example' })).status).toBe(200);
  });

  it.each([
    ['shop.example', {}, 200],
    ['SHOP.example:8080', {}, 200],
    ['other.example', {}, 421],
    ['shop.example.evil.example', {}, 421],
    ['127.0.0.1:81', {}, 200],
    ['127.0.0.1:82', {}, 421],
    ['inner', { 'x-forwarded-host': 'shop.example' }, 200],
    ['shop.example', { 'x-forwarded-host': 'evil.example' }, 421],
  ])('is held against the list: %s %j is %i', async (host, headers, status) => {
    await start({ ALLOWED_HOSTS: 'shop.example, 127.0.0.1:81' });
    const answer = await send('GET', '/products', { host, ...headers });
    expect(answer.status).toBe(status);
    expect(answer.text.includes('Misdirected Request')).toBe(status === 421);
  });

  it('does not matter to probes and Prometheus', async () => {
    await start({ ALLOWED_HOSTS: 'shop.example' });
    const host = '10.0.0.7:8080';
    expect((await send('GET', '/actuator/health/liveness', { host })).status).toBe(200);
    expect((await send('GET', '/actuator/env', { host, authorization })).status).toBe(421);
  });
});

describe('what proxies say', () => {
  const told = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'front.example', 'x-forwarded-proto': 'https' };

  it.each([
    ['127.0.0.1', 'https://front.example', '203.0.113.9'],
    ['127.0.0.6', 'https://front.example', '203.0.113.9'],
    ['10.0.0.7', 'http://shop.example', '10.0.0.7'],
    ['192.168.0.7', 'http://shop.example', '192.168.0.7'],
  ])('is believed on this machine only: from %s', async (address, base, ip) => {
    await start();
    expect(JSON.parse((await send('GET', '/base', told, address)).text)).toEqual({ base, ip });
  });

  it('is believed where the setting says so', async () => {
    await start({ GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8' });
    const { text } = await send('GET', '/base', told, '10.0.0.7');
    expect(JSON.parse(text)).toEqual({ base: 'https://front.example', ip: '203.0.113.9' });
  });
});

describe('every answer', () => {
  beforeEach(() => start());

  it.each([
    ['/people/7', 200],
    ['/people/7/nothing', 404],
    ['/products', 200],
    ['/page', 200],
    ['/actuator/health/liveness', 200],
    ['/actuator/env', 401],
    ['/nowhere', 404],
    ['/%zz', 400],
    ['/swagger-ui/', 200],
    ['/swagger-ui/swagger-ui.css', 200],
  ])('has the headers that protect it: %s', async (url, status) => {
    const answer = await send('GET', url);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': expect.any(String),
    });
    const isPage = String(answer.headers['content-type']).startsWith('text/html');
    expect('content-security-policy' in answer.headers).toBe(isPage);
  });

  it.each([
    '/people/7',
    '/people',
    '/people/7/nothing',
    '/nowhere',
    '/%zz',
    '/people/7?page=/products',
    '/actuator/env',
  ])('that may be about a person is not to be stored: %s', async (url) =>
    expect((await send('GET', url)).headers['cache-control']).toBe('no-store'),
  );

  it.each(['/', '/products', '/v3/api-docs', '/swagger-ui/', '/actuator/health', '/profile'])(
    'that is about nobody is not for shared caches: %s',
    async (url) => expect((await send('GET', url)).headers['cache-control']).toBe('private, no-cache'),
  );

  it('can be asked for if it has changed, stored or not', async () => {
    const { headers } = await send('GET', '/people/7');
    expect(headers.etag).toBe('"3"');
    const again = await send('GET', '/people/7', { 'if-none-match': '"3"' });
    expect([again.status, again.headers['cache-control']]).toEqual([304, 'no-store']);
  });

  it('that is a page names what it may load, all of it from here', async () => {
    const { headers, text } = await send('GET', '/swagger-ui/');
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
    expect(sources.length).toBeGreaterThan(3);
    expect(sources.filter((source) => !source?.startsWith('./'))).toEqual([]);
    expect(text).not.toMatch(/<script>[^<\s]/);
    expect(headers['content-security-policy']).toContain("script-src 'self';");
  });
});
