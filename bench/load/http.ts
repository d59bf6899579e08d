import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** One request on a connection that stays open: `fetch` would cost this process more than some services need to answer. */
export function send(method: string, url: string, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const sent = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The same, and nothing but this status is an answer. */
export async function expecting(status: number, method: string, url: string, body?: string): Promise<Reply> {
  const reply = await send(method, url, body);
  if (reply.status === status) return reply;
  throw new Error(`${method} ${url} answered ${reply.status} instead of ${status}: ${reply.text.slice(0, 300)}`);
}

export function closeConnections(): void {
  agent.destroy();
}
