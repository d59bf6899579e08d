import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { platform } from 'node:os';

/** Not the address of honest clients, where the system has a whole network of them: limits a client must not hit the others. */
const ADDRESS = platform() === 'linux' ? { localAddress: '127.0.0.2' } : {};
/** More than any service takes for an answer or for refusing one. */
const PATIENCE_MS = 40_000;
/** After this an attack sends nothing more: what is left of it counts as not answered. */
const ATTACK_MS = 40_000;
/** What a refusal may have. Answers are read to their end, and kept up to this. */
const KEPT_BYTES = 64 * 1_024;

export interface Hostile {
  readonly method: string;
  /** Sent as it is: nothing is escaped or resolved. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Refusal {
  /** Undefined where the connection was closed instead. */
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  /** The first 64 KiB. */
  readonly text: string;
  readonly bytes: number;
}

const unanswered: Refusal = { status: undefined, headers: {}, text: '', bytes: 0 };

/** Sends requests that no honest client would, `parallel` at a time, and returns what became of each. */
export async function attack(url: string, all: readonly Hostile[], parallel = 4): Promise<Refusal[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const refusals: Refusal[] = [];
  const until = performance.now() + ATTACK_MS;
  let next = 0;
  const work = async () => {
    for (let index = next++; index < all.length; index = next++) {
      const hostile = performance.now() < until ? all[index] : undefined;
      refusals[index] = hostile ? await answerTo(url, hostile, agent) : unanswered;
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    agent.destroy();
  }
  return refusals;
}

function answerTo(url: string, hostile: Hostile, agent: Agent): Promise<Refusal> {
  const { method, path, headers = {}, body } = hostile;
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const ended = (response?: IncomingMessage, parts: Buffer[] = [], bytes = 0) =>
      resolve({
        status: response?.statusCode,
        headers: response?.headers ?? {},
        text: Buffer.concat(parts).toString(),
        bytes,
      });
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { hostname, port, method, path, agent, headers: { ...length, ...headers }, ...ADDRESS };
    const sent = request({ ...options, timeout: PATIENCE_MS }, (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        if (bytes < KEPT_BYTES) parts.push(part.subarray(0, KEPT_BYTES - bytes));
        bytes += part.length;
      });
      response.on('close', () => ended(response, parts, bytes));
    });
    // a server may close a connection behind any answer
    sent.on('error', () => (sent.reusedSocket ? resolve(answerTo(url, hostile, agent)) : ended()));
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.end(body);
  });
}

/** An open connection of the attacker's, as a client that was never heard of again leaves it. */
export function open(url: string, readable = true): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...ADDRESS });
  socket.on('error', () => undefined);
  if (readable) socket.resume();
  else socket.pause();
  return socket;
}
