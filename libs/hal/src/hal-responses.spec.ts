import { z } from 'zod';
import { WidgetsApp } from '../test/widgets-app';

let app: WidgetsApp;

beforeAll(async () => {
  app = await WidgetsApp.create();
});

afterAll(() => app.close());

describe('the root', () => {
  it('is a document of links, templated where they hold parameters', async () => {
    const { headers, text } = await app.ask('GET', '/');
    expect(headers['content-type']).toBe('application/hal+json');
    expect(headers['vary']).toEqual([
      'Accept',
      'Origin',
      'Access-Control-Request-Method',
      'Access-Control-Request-Headers',
    ]);
    expect(text).toBe(
      '{\n  "_links" : {\n    "widgets" : {\n      "href" : "http://h/widgets{?page,size,sort}",\n      "templated" : true\n    },\n    "profile" : {\n      "href" : "http://h/profile"\n    }\n  }\n}',
    );
  });

  it('answers HEAD with 204 and OPTIONS with GET', async () => {
    expect(await app.ask('HEAD', '/')).toMatchObject({ status: 204, text: '' });
    expect((await app.ask('OPTIONS', '/')).headers['allow']).toBe('GET');
  });
});

describe('a collection', () => {
  it('has items, links and page, in this order', async () => {
    const { headers, json: document } = await app.ask('GET', '/widgets');
    expect(headers['content-type']).toBe('application/hal+json');
    expect(Object.keys(document as object)).toEqual(['_embedded', '_links', 'page']);
    expect(document).toEqual({
      _embedded: {
        widgets: [
          {
            name: '1',
            sizes: [],
            _links: {
              self: { href: 'http://h/widgets/1' },
              widget: { href: 'http://h/widgets/1' },
              paint: { href: 'http://h/widgets/1/paint' },
            },
          },
        ],
      },
      _links: { self: { href: 'http://h/widgets' }, profile: { href: 'http://h/profile/widgets' } },
      page: { size: 20, totalElements: 5, totalPages: 1, number: 0 },
    });
  });

  it.each([
    ['?size=2', ['first:0', 'self', 'next:1', 'last:2', 'profile']],
    ['?page=1&size=2', ['first:0', 'prev:0', 'self', 'next:2', 'last:2', 'profile']],
    ['?page=2&size=2', ['first:0', 'prev:1', 'self', 'last:2', 'profile']],
    ['?page=99&size=2', ['first:0', 'prev:98', 'self', 'last:2', 'profile']],
    ['?size=0', ['self', 'profile']],
  ])('%s links to %j', async (query, expected) => {
    const { json: document } = await app.ask('GET', `/widgets${query}`);
    const links = Object.entries(linksOf(document)).map(([rel, href]) => {
      const number = /page=(\d+)&size=2$/.exec(href)?.[1];
      return rel === 'self' || number === undefined ? rel : `${rel}:${number}`;
    });
    expect(links).toEqual(expected);
  });

  it('keeps what else was asked in the links, and self as it was', async () => {
    const { json: document } = await app.ask('GET', '/widgets?size=2&q=a%20b&sort=name,desc');
    expect(linksOf(document)).toMatchObject({
      self: 'http://h/widgets?size=2&q=a%20b&sort=name,desc',
      next: 'http://h/widgets?q=a%20b&page=1&size=2&sort=name,desc',
    });
  });

  it('links to where the client came from', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example', 'x-forwarded-prefix': '/a' };
    const { json: document } = await app.ask('GET', '/widgets?size=2', headers);
    expect(linksOf(document)).toMatchObject({
      self: 'https://shop.example/a/widgets?size=2',
      next: 'https://shop.example/a/widgets?page=1&size=2',
    });
  });

  it('answers HEAD with links, OPTIONS with methods', async () => {
    const head = await app.ask('HEAD', '/widgets');
    expect([head.status, head.text, head.headers['link']]).toEqual([
      204,
      '',
      '<http://h/widgets>;rel="self",<http://h/profile/widgets>;rel="profile"',
    ]);
    const options = await app.ask('OPTIONS', '/widgets');
    expect([options.status, String(options.headers['allow']).split(',').toSorted()]).toEqual([
      200,
      ['GET', 'HEAD', 'OPTIONS', 'POST'],
    ]);
  });

  it.each([
    ['application/json', 200, 'application/json'],
    ['text/html,*/*;q=0.8', 200, 'application/hal+json'],
    ['text/html', 406, 'text/html;charset=UTF-8'],
    ['text/uri-list', 200, 'text/uri-list'],
    ['application/xml', 406, undefined],
    ['application/prs.hal-forms+json', 406, 'application/prs.hal-forms+json'],
  ])('for Accept %s is %i as %s', async (accept, status, type) => {
    const answer = await app.ask('GET', '/widgets', { accept });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
  });

  it('is a list of URIs for who wants only these; an item is none', async () => {
    const list = { accept: 'text/uri-list' };
    expect((await app.ask('GET', '/widgets', list)).text).toBe('http://h/widgets/1\n');
    expect((await app.ask('GET', '/widgets/7', list)).status).toBe(406);
  });

  it('lets no page of another origin write', async () => {
    const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const { status, text, headers } = await app.ask('OPTIONS', '/widgets', preflight);
    expect([status, text, headers['allow'], headers['access-control-allow-origin']]).toEqual([
      403,
      'Invalid CORS request',
      undefined,
      undefined,
    ]);
    expect((await app.ask('GET', '/widgets', { origin: 'http://evil.example' })).status).toBe(200);
  });

  it.each(['//widgets', '/widgets/'])('is also at %s', async (path) => {
    expect((await app.ask('GET', path)).status).toBe(200);
  });
});

describe('an item', () => {
  it('has its version as ETag', async () => {
    expect((await app.ask('GET', '/widgets/7')).headers['etag']).toBe('"3"');
  });

  it('is 304 for who has it', async () => {
    expect(await app.ask('GET', '/widgets/7', { 'if-none-match': '"3"' })).toMatchObject({ status: 304, text: '' });
    expect((await app.ask('GET', '/widgets/7', { 'if-none-match': '"2"' })).status).toBe(200);
  });

  it('may have a tag of its own', async () => {
    expect((await app.ask('GET', '/widgets/composed')).headers['etag']).toBe('"3-a1"');
    expect((await app.ask('GET', '/widgets/composed', { 'if-none-match': 'W/"3-a1"' })).status).toBe(304);
  });

  it('answers HEAD with links, OPTIONS with methods and patch types', async () => {
    const head = await app.ask('HEAD', '/widgets/7');
    expect([head.status, head.headers['link']]).toEqual([
      204,
      '<http://h/widgets/7>;rel="self",<http://h/widgets/7>;rel="widget",<http://h/widgets/7/paint>;rel="paint"',
    ]);
    const { headers } = await app.ask('OPTIONS', '/widgets/7');
    expect(String(headers['allow']).split(',').toSorted()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'PUT',
    ]);
    expect(headers['accept-patch']).toBe('application/merge-patch+json, application/json-patch+json, application/json');
  });
});

describe('what is not HAL', () => {
  it('goes out as it is', async () => {
    expect(await app.ask('GET', '/widgets/sample', { accept: 'application/xml' })).toMatchObject({
      status: 201,
      text: 'Samples made',
    });
    expect(await app.ask('GET', '/widgets/summary')).toMatchObject({ status: 200, text: '{"widgets":[]}' });
  });

  it('says what it can be sent as', async () => {
    const refused = await app.ask('GET', '/widgets/summary', { accept: 'application/xml' });
    expect([refused.status, refused.text, refused.headers['vary']]).toEqual([406, '', undefined]);
    const hal = await app.ask('GET', '/widgets/summary', { accept: 'application/hal+json' });
    expect([hal.status, hal.headers['content-type'], hal.headers['vary']]).toEqual([
      200,
      'application/hal+json; charset=utf-8',
      'Accept',
    ]);
  });
});

function linksOf(document: unknown): Record<string, string> {
  const { _links } = z.object({ _links: z.record(z.string(), z.object({ href: z.string() })) }).parse(document);
  return Object.fromEntries(Object.entries(_links).map(([rel, { href }]) => [rel, href]));
}
