import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { RunningGateway } from '../../test/running-gateway';

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await RunningGateway.start();
});

afterEach(() => gateway.accounts.reset());

afterAll(() => gateway.stop());

describe('a request for a service', () => {
  it.each([
    ['/accounts', '/'],
    ['/accounts/', '/'],
    ['/accounts?page=1', '/?page=1'],
    ['/accounts/customers?page=1&q=a%20b', '/customers?page=1&q=a%20b'],
    ['//accounts//customers//7', '/customers/7'],
    ['/accounts/customers/a%2Fb%20c', '/customers/a%2Fb%20c'],
    ['/accounts/customers/', '/customers/'],
  ])('%s arrives as %s', async (path, expected) => {
    await gateway.raw('GET', path);
    expect(gateway.accounts.seen.map((seen) => seen.url)).toEqual([expected]);
  });

  it.each(['/accounts/\\foo', '/accounts/\\\\evil.example/x', '/accounts/customers\\..\\actuator\\env', '/accounts/%'])(
    '%s is refused, and nobody is asked',
    async (path) => {
      expect((await gateway.raw('GET', path)).statusCode).toBe(400);
      expect(gateway.accounts.seen).toEqual([]);
    },
  );

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('keeps its method: %s', async (method) => {
    const { status } = await gateway.send(method, '/accounts/customers/7', method === 'GET' ? undefined : { a: 1 });
    expect(status).toBe(200);
    expect(gateway.accounts.seen).toMatchObject([{ method, body: method === 'GET' ? '' : '{"a":1}' }]);
  });

  it('may be HEAD: headers without a body', async () => {
    gateway.accounts.answer = (_seen, response) => response.writeHead(204, { link: '<x>;rel="self"' }).end();
    const { status, headers, text } = await gateway.send('HEAD', '/accounts/customers/7');
    expect([status, headers.get('link'), text]).toEqual([204, '<x>;rel="self"', '']);
  });

  it('keeps its headers, but those of the connection', async () => {
    await gateway.raw('GET', '/accounts', {
      'x-mine': '1',
      connection: 'x-secret',
      'x-secret': '2',
      te: 'trailers',
      accept: 'a/b',
    });
    expect(gateway.headersSeen()).toMatchObject({ 'x-mine': '1', accept: 'a/b' });
    expect(gateway.headersSeen()).not.toHaveProperty('x-secret');
    expect(gateway.headersSeen()).not.toHaveProperty('te');
  });

  it('says where it came from, for links that work through the gateway', async () => {
    await gateway.get('/accounts/customers');
    expect(gateway.headersSeen()).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(gateway.url).host,
      'x-forwarded-port': new URL(gateway.url).port,
      'x-forwarded-prefix': '/accounts',
    });
  });

  it('keeps what a trusted front said, and adds itself', async () => {
    await gateway.get('/accounts/customers', {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-prefix': '/shop',
    });
    expect(gateway.headersSeen()).toMatchObject({
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/shop,/accounts',
    });
  });

  it.each([
    [
      { 'x-forwarded-host': 'shop.example:8443, inner.example', 'x-forwarded-proto': 'https, http' },
      'shop.example:8443',
      '8443',
    ],
    [
      { 'x-forwarded-host': 'made.up, shop.example, inner.example', 'x-forwarded-proto': 'https' },
      'shop.example',
      '443',
    ],
    [
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443, 80' },
      'shop.example:8443',
      '8443',
    ],
  ])('keeps what the first of two fronts said: %j', async (told, host, port) => {
    await gateway.get('/accounts/customers', { 'x-forwarded-for': '203.0.113.9, 10.0.0.1', ...told });
    expect(gateway.headersSeen()).toMatchObject({
      'x-forwarded-for': '203.0.113.9, 10.0.0.1, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': host,
      'x-forwarded-port': port,
    });
  });

  it.each([
    [{}, 'https', 'shop.example:8443', '8443', '/shop,/accounts'],
    [{ 'x-forwarded-host': 'a b' }, 'http', undefined, undefined, '/accounts'],
  ])('keeps all that a front says that tells no client, or nothing: %j', async (other, protocol, ...expected) => {
    const told = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-port': '8443',
      'x-forwarded-prefix': '/shop',
    };
    await gateway.get('/accounts/customers', { ...told, ...other });
    const own = new URL(gateway.url);
    const [host = own.host, port = own.port, prefix] = expected;
    expect(gateway.headersSeen()).toMatchObject({
      'x-forwarded-proto': protocol,
      'x-forwarded-host': host,
      'x-forwarded-port': port,
      'x-forwarded-prefix': prefix,
    });
  });

  it.each([
    ['GET /accounts/customers HTTP/1.0', [], 200],
    ['GET /accounts/customers HTTP/1.1', ['host:'], 200],
    ['GET http://shop.example:99/accounts/customers?a=b HTTP/1.1', ['host: other'], 200],
    ['GET HTTP://shop.example:99/accounts/customers?a=b HTTP/1.1', [], 400],
    ['GET http://a@shop.example/accounts/customers HTTP/1.1', ['host: other'], 400],
    ['GET /accounts/customers HTTP/1.1', ['host: a', 'host: a'], 400],
    ['GET /accounts/customers HTTP/1.1', ['host: a"b'], 400],
  ])('%s with %j is %i', async (line, headers, status) => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write(`${[line, ...headers, 'connection: close'].join('\r\n')}\r\n\r\n`);
    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const seen = gateway.accounts.seen.map(({ url, headers }) => [url, headers['x-forwarded-host']]);
    const isAbsolute = line.includes('shop.example');
    const [path, host] = isAbsolute ? ['/customers?a=b', 'shop.example:99'] : ['/customers', `localhost:${port}`];
    expect(seen).toEqual(status === 200 ? [[path, host]] : []);
  });

  it('stays in the trace of its caller', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await gateway.get('/accounts', { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(gateway.headersSeen().traceparent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  });

  it('is sent on when it has arrived whole, and with its length', async () => {
    const request = httpRequest(`${gateway.url}/accounts/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-any' },
    });
    const answered = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
    request.write('first');
    await gateway.get('/accounts');
    expect(gateway.accounts.seen).toMatchObject([{ method: 'GET' }]);
    request.end('last');
    (await answered).resume();
    const [, { body, headers } = { body: '', headers: {} }] = gateway.accounts.seen;
    expect([body, headers['content-length'], headers['transfer-encoding']]).toEqual(['firstlast', '9', undefined]);
  });

  it('may have no body and no type', async () => {
    await gateway.raw('POST', '/accounts/customers');
    const [seen] = gateway.accounts.seen;
    expect([seen?.method, seen?.body, seen?.headers['content-type']]).toEqual(['POST', '', undefined]);
  });

  it('may be as large as the services take', async () => {
    const body = 'x'.repeat(256 * 1024);
    const { json } = await gateway.send('POST', '/accounts/big', body, { 'content-type': 'text/plain' });
    expect(json).toMatchObject({ body });
  });

  it('is refused when it is larger', async () => {
    const { status, json } = await gateway.send('POST', '/accounts/big', 'x'.repeat(256 * 1024 + 1));
    expect([status, json]).toMatchObject([413, { title: 'Payload Too Large' }]);
    expect(gateway.accounts.seen).toEqual([]);
  });
});

describe('an answer of a service', () => {
  it('keeps its status, its headers but those of the connection, and its bytes', async () => {
    gateway.accounts.answer = (_seen, response) =>
      response
        .writeHead(418, {
          'content-type': 'text/x; charset=latin1',
          'keep-alive': 'timeout=1234',
          'set-cookie': ['a=1', 'b=2'],
        })
        .end(Buffer.from([0xff, 0x00]));
    const answer = await fetch(`${gateway.url}/accounts`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([418, 'text/x; charset=latin1']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('keep-alive')).not.toBe('timeout=1234');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00]));
  });

  it('is streamed: it passes before it is complete', async () => {
    let finish = (): void => {};
    gateway.accounts.answer = (_seen, response) => {
      response.write('first');
      finish = () => void response.end('last');
    };
    const { body } = await fetch(`${gateway.url}/accounts/summary`);
    const reader = body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('last');
  });

  it('may be large', async () => {
    const body = 'x'.repeat(5_000_000);
    gateway.accounts.answer = (_seen, response) => response.end(body);
    const { text } = await gateway.get('/accounts/big');
    expect(text === body).toBe(true);
  });

  it('breaks off where the service breaks off', async () => {
    gateway.accounts.answer = (_seen, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy());
    };
    await expect(gateway.get('/accounts/big')).rejects.toThrow();
  });

  it('may be a failure: it is passed on, not repeated', async () => {
    gateway.accounts.answer = (_seen, response) => response.writeHead(503, { 'retry-after': '7' }).end('busy');
    const { status, headers, text } = await gateway.get('/accounts');
    expect([status, headers.get('retry-after'), text, gateway.accounts.seen.length]).toEqual([503, '7', 'busy', 1]);
  });
});
