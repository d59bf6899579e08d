import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { z } from 'zod';
import { readEnvironment } from './environment';
import { processEnvironment } from './service-environment';
import { createService, listenService } from './start-service';
import { ManagementServer } from '@storefront/actuator';

@Controller('things')
class ThingsController {
  @Get()
  things(): string {
    return 'things';
  }

  @Post()
  add(): string {
    return 'added';
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;

beforeAll(async () => {
  const environment = readEnvironment(z.object(processEnvironment(0)), {
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    PORT: '0',
    HTTP_REQUEST_TIMEOUT_MS: '1000',
    MANAGEMENT_SERVER_PORT: '0',
  });
  app = await createService(ThingsModule, { name: 'things', environment });
  await listenService(app, environment);
});

afterAll(() => app?.close());

/** What comes back for these bytes until the connection is closed. */
async function answer(bytes: string, port = (app.getHttpServer().address() as AddressInfo).port) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  const named = Object.fromEntries(
    headers.map((text) => [text.split(':', 1)[0]?.toLowerCase(), text.replace(/^[^:]*: */, '')]),
  );
  return { status: Number(line.split(' ')[1]), headers: named, body };
}

const close = 'connection: close\r\n';
const unread: [string, string, number, string][] = [
  ['long headers', `GET / HTTP/1.1\r\nhost: h\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
  [
    'two lengths',
    'POST /things HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'invalid',
  ],
  ['an unknown method', 'FOO /things HTTP/1.1\r\nhost: h\r\n\r\n', 400, 'invalid'],
  ['no HTTP', '\u0016\u0003\u0001\u0002hello\r\n\r\n', 400, 'invalid'],
  ['headers that never end', 'GET / HTTP/1.1\r\nhost: h\r\n', 408, 'timeout'],
];
const long = `POST /things HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`;

it.each([...unread, ['long chunk extensions', long, 413, 'too-large'] as const])(
  '%s are answered with a problem',
  async (_, bytes, status, kind) => {
    const { headers, body, ...rest } = await answer(bytes);
    expect([rest.status, headers['content-type'], headers['connection']]).toEqual([
      status,
      'application/problem+json',
      'close',
    ]);
    expect(JSON.parse(body)).toMatchObject({
      type: `/problems/${kind}`,
      status,
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(Number(headers['content-length'])).toBe(body.length);
  },
);

it.each(unread)('%s are answered so at a management port too', async (_, bytes, status, kind) => {
  const { body, ...rest } = await answer(bytes, app.get(ManagementServer).address?.port);
  expect([rest.status, JSON.parse(body)]).toMatchObject([status, { type: `/problems/${kind}` }]);
});

it.each([
  ['no Host', `GET /things HTTP/1.1\r\n${close}\r\n`, 400],
  ['no Host beside a whole URL', `GET http://h/things HTTP/1.1\r\n${close}\r\n`, 400],
  ['another expectation', `GET /things HTTP/1.1\r\nhost: h\r\nexpect: miracles\r\n${close}\r\n`, 417],
  ['a URL without a host', `GET http:///things HTTP/1.1\r\nhost: h\r\n${close}\r\n`, 400],
  ['a URL with nothing but a port', `GET http://:80/things HTTP/1.1\r\nhost: h\r\n${close}\r\n`, 400],
])('%s is refused with a problem where that is what the client takes', async (_, bytes, status) => {
  const { headers, body, ...rest } = await answer(bytes.replace(close, `${close}accept: application/problem+json\r\n`));
  expect([rest.status, headers['content-type'], JSON.parse(body)]).toMatchObject([
    status,
    'application/problem+json',
    { status },
  ]);
});

it.each([
  ['a whole URL', `GET http://h/things HTTP/1.1\r\nhost: h\r\n${close}\r\n`, 200],
  ['HTTP/1.0 without Host', `GET /things HTTP/1.0\r\n\r\n`, 200],
  ['an empty Host', `GET /things HTTP/1.1\r\nhost:\r\n${close}\r\n`, 200],
])('%s is answered', async (_, bytes, status) => {
  expect((await answer(bytes)).status).toBe(status);
});

it('what follows a complete request is not answered in its place', async () => {
  const { status, body } = await answer('POST /things HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\nGARBAGE\r\n\r\n');
  expect([status, body]).toEqual([NaN, '']);
});

it('OPTIONS * tells what some path can', async () => {
  const { status, headers, body } = await answer(`OPTIONS * HTTP/1.1\r\nhost: h\r\n${close}\r\n`);
  expect([status, headers['allow']?.split(',').toSorted(), body]).toEqual([
    204,
    ['GET', 'HEAD', 'OPTIONS', 'POST'],
    '',
  ]);
});
