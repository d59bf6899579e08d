import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Target {
  readonly engine: 'kafka' | 'store';
  readonly port: number;
}

/** The wire between one service and one engine, which can be slow, cut, silent, or lose what Kafka answers. */
export class FaultyLink {
  private readonly sockets = new Set<Socket>();
  /** Connections on which nobody will ever hear anything again. */
  private readonly silent = new WeakSet<Socket>();
  private state: 'open' | 'refusing' | 'silent' = 'open';
  private delayMs = 0;
  private toLose = 0;
  /** Answers of Kafka to produce requests that were thrown away. */
  lost = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: Target,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async to(target: Target): Promise<FaultyLink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FaultyLink(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection; new ones are taken. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Breaks every connection and takes no new one. */
  refuse(): void {
    this.state = 'refusing';
    this.cut();
  }

  /** Connections stay open and new ones are taken, but nothing comes through: those of now never recover. */
  silence(): void {
    this.state = 'silent';
    for (const socket of this.sockets) this.silent.add(socket);
  }

  /** Every request is held for so long. */
  slowDown(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Kafka appends what the next `count` produce requests bring; its answers are thrown away and the connections break. */
  loseProduceResponses(count: number): void {
    this.toLose = count;
  }

  heal({ halfOpenRemain = false } = {}): void {
    this.state = 'open';
    this.delayMs = 0;
    this.toLose = 0;
    if (halfOpenRemain) return;
    for (const socket of this.sockets) if (this.silent.has(socket)) socket.destroy();
  }

  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.state === 'refusing') {
      client.destroy();
      return;
    }
    const engine = connect({ host: '127.0.0.1', port: this.target.port });
    for (const socket of [client, engine]) {
      this.track(socket);
      if (this.state === 'silent') this.silent.add(socket);
    }
    const answers = this.target.engine === 'kafka' ? new ProduceAnswers() : undefined;
    let sending: Promise<void> = Promise.resolve();
    client
      .on('close', () => engine.destroy())
      .on('data', (chunk) => {
        if (this.silent.has(client)) return;
        answers?.requested(chunk);
        sending = this.send(sending, engine, chunk);
      });
    engine
      .on('close', () => client.destroy())
      .on('data', (chunk) => {
        if (this.silent.has(client)) return;
        const isAnswer = answers?.isIn(chunk) ?? false;
        if (!isAnswer || this.toLose === 0) return void client.write(chunk);
        this.toLose--;
        this.lost++;
        client.destroy();
      });
  }

  /** In the order in which they came. */
  private async send(before: Promise<void>, engine: Socket, chunk: Buffer): Promise<void> {
    const { delayMs } = this;
    await before;
    if (delayMs > 0) await sleep(delayMs);
    engine.write(chunk);
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    // a broken connection is what this is for
    socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}

const PRODUCE = 0;

/** Finds the answers to produce requests in what goes over one connection to Kafka. */
class ProduceAnswers {
  private readonly asked = new Set<number>();
  private readonly requests = new Frames();
  private readonly responses = new Frames();

  requested(chunk: Buffer): void {
    for (const frame of this.requests.take(chunk))
      if (frame.readInt16BE(0) === PRODUCE) this.asked.add(frame.readInt32BE(4));
  }

  isIn(chunk: Buffer): boolean {
    return this.responses.take(chunk).filter((frame) => this.asked.delete(frame.readInt32BE(0))).length > 0;
  }
}

/** Kafka's frames in a stream, without the length that stands before each. */
class Frames {
  private rest: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 4 && this.rest.length >= 4 + this.rest.readInt32BE(0)) {
      const length = 4 + this.rest.readInt32BE(0);
      frames.push(this.rest.subarray(4, length));
      this.rest = this.rest.subarray(length);
    }
    return frames;
  }
}
