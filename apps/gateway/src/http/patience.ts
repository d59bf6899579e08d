import { EventEmitter } from 'node:events';
import { GatewayTimeoutException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServiceName } from './service-name';

/** What a client takes of a large answer while it is made to wait for more: 2 KiB a second at the default time-out. */
const slowestBytes = 65_536;

/** The client has closed its connection: nobody waits for the answer. */
export class ClientGone extends Error {}

/**
 * How long the gateway bothers a service with one request: until its client is gone, or until `timeoutMs` after it arrived, the
 * time it waited in a queue included. It is the `signal` of that request. Once the answer has begun, its client has to take
 * 64 KiB of it in each `timeoutMs`, else its connection is closed and the service is free for others.
 */
export class Patience extends EventEmitter {
  /** Why the request is given up; undefined as long as it is not. */
  reason: Error | undefined;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly reply: FastifyReply,
    private readonly timeoutMs: number,
    service: ServiceName,
  ) {
    super();
    const late = () => new GatewayTimeoutException(`The ${service} service did not answer in time.`);
    this.timer = setTimeout(() => this.giveUp(late()), Math.max(1, timeoutMs - reply.elapsedTime));
    reply.raw.once('close', () => this.end());
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  /** The answer has begun: `bytes` of it where the service said so. */
  answering(bytes: number | undefined): void {
    clearTimeout(this.timer);
    // one that the connection takes at once needs no watching
    if (bytes !== undefined && bytes <= slowestBytes) return;
    const { raw } = this.reply;
    let before = raw.socket?.bytesWritten ?? 0;
    this.timer = setInterval(() => {
      const now = raw.socket?.bytesWritten ?? before;
      if (raw.writableNeedDrain && now - before < slowestBytes) raw.destroy();
      before = now;
    }, this.timeoutMs);
  }

  private end(): void {
    clearTimeout(this.timer);
    if (!this.reply.raw.writableFinished) this.giveUp(new ClientGone('The client is gone.'));
  }

  private giveUp(reason: Error): void {
    if (this.reason) return;
    this.reason = reason;
    this.emit('abort');
  }
}
