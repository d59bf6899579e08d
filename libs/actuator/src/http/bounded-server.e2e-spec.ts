import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { boundedServer } from './bounded-server';

let server: Server;
let sockets: Socket[];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function listen(listener: RequestListener, maxConnections = 100): Promise<void> {
  sockets = [];
  server = boundedServer(listener, { requestTimeoutMs: 1_000, maxConnections, maxHeaderBytes: 4_096 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function client(text: string): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** What the server sent until it closed the connection. */
async function all(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: h\r\n\r\n`;
const ok: RequestListener = (_request, response) => response.end('ok');

it.each([
  ['of which nothing comes', '', ''],
  ['whose headers do not end', 'GET / HTTP/1.1\r\nhost: h\r\n', ' 408 '],
  ['whose body does not end', 'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\n1', ' 408 '],
])('a request %s is given up in time', async (_, text, expected) => {
  await listen((request, response) => void request.resume().once('end', () => response.end()));
  expect(await all(await client(text))).toContain(expected);
});

it('headers above the limit are 431', async () => {
  await listen(ok);
  expect(await all(await client(`GET / HTTP/1.1\r\nhost: h\r\nx: ${'x'.repeat(5_000)}\r\n\r\n`))).toContain(' 431 ');
});

it('more connections than the limit are closed, and idle ones make room', async () => {
  await listen(ok, 10);
  const idle = await Promise.all(Array.from({ length: 10 }, () => client(get('/'))));
  await Promise.all(idle.map((socket) => once(socket, 'data')));
  expect(await all(await client(get('/')))).toBe('');
  const later = await client(get('/'));
  expect(String(await once(later, 'data'))).toContain(' 200 ');
});

it('requests of one connection that wait for each other are handled one at a time', async () => {
  let running = 0;
  let most = 0;
  await listen((_request, response) => {
    most = Math.max(most, ++running);
    setTimeout(() => (running--, response.end('ok')), 5);
  });
  const text = await all(await client(get('/').repeat(10) + 'GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n'));
  expect([text.match(/ 200 /g)?.length, most]).toEqual([11, 1]);
});

it('a connection with thousands of requests that wait is closed, and they never begin', async () => {
  const begun: string[] = [];
  await listen((request) => void begun.push(request.url ?? ''));
  await all(await client(Array.from({ length: 10_000 }, (_, index) => get(`/${index}`)).join('')));
  expect(begun).toEqual(['/0']);
});

it('a client that reads nothing of its answer is let go within its time and two looks', async () => {
  const closed = new Promise<string>((resolve) => {
    void listen((_request, response) => {
      // of the same event loop, so that a busy machine delays it as well; Node's own time-out would take 4 s here
      const late = setTimeout(() => resolve('late'), 3_000);
      response.once('close', () => {
        clearTimeout(late);
        resolve(response.writableFinished ? 'sent' : 'let go');
      });
      response.end(Buffer.alloc(50_000_000));
    }).then(async () => (await client(get('/'))).pause());
  });
  expect(await closed).toBe('let go');
});

it('a client that takes some of its answer, ever less than 64 KiB in its time, is let go', async () => {
  const answer = Buffer.alloc(50_000_000);
  await listen((_request, response) => response.end(answer));
  const port = (server.address() as AddressInfo).port;
  let taken = 0;
  const onread = { buffer: Buffer.alloc(1_024), callback: (bytes: number) => ((taken += bytes), false) };
  const socket = connect({ port, host: '127.0.0.1', onread }).on('error', () => {});
  sockets.push(socket);
  socket.write(get('/'));
  const reading = setInterval(() => socket.resume(), 100);
  const [connection] = (await once(server, 'connection')) as [Socket];
  await once(connection, 'close');
  clearInterval(reading);
  expect(taken).toBeGreaterThan(1_024);
  expect(taken).toBeLessThan(answer.length / 2);
});

it('a client that takes a large answer slowly gets the whole of it, though it was written at once', async () => {
  const answer = Buffer.alloc(16_000_000);
  await listen((_request, response) => response.end(answer));
  const socket = await client('GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n');
  let taken = 0;
  socket.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 15);
  });
  await once(socket, 'close');
  expect(taken).toBeGreaterThan(answer.length);
});

it('a handler that takes longer than all time-outs may do so', async () => {
  await listen((_request, response) => void setTimeout(() => response.end('late'), 2_500));
  const [answer] = await once(await client(get('/')), 'data');
  expect(String(answer)).toContain('late');
});
