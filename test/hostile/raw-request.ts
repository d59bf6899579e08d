import { connect } from 'node:net';

export interface RawRequest {
  readonly method: string;
  /** Sent byte by byte (latin-1), whatever is in it. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  /** 0 where the server closed the connection without an answer. */
  readonly status: number;
  /** Head and body. */
  readonly bytes: number;
  readonly text: string;
}

/** Sends a request that no HTTP client would, and reads the answer to the end of the connection. */
export function sendRaw(baseUrl: string, { method, target, headers = {}, body = '' }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const length = Buffer.byteLength(body);
  const all = { host: `${hostname}:${port}`, connection: 'close', 'content-length': String(length), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const chunks: Buffer[] = [];
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // an answer that came before the whole request was read ends like this
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
  });
  socket.on('close', () => {
    const text = Buffer.concat(chunks).toString();
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
    resolve({ status, bytes: Buffer.byteLength(text), text });
  });
  socket.write(Buffer.from(`${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1'));
  socket.write(body);
  return promise;
}
