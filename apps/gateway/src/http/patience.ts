import { EventEmitter } from 'node:events';
import { GatewayTimeoutException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServiceName } from './service-name';

/** The client has closed its connection: nobody waits for the answer. */
export class ClientGone extends Error {}

/**
 * How long the gateway bothers a service with one request: until its client is gone, or until `timeoutMs` after it arrived, the
 * time it waited in a queue included. It is the `signal` of that request. Once the answer has begun, the
 * server closes the connection of a client that does not take it, and the service is free for others.
 */
export class Patience extends EventEmitter {
  /** Why the request is given up; undefined as long as it is not. */
  reason: Error | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly reply: FastifyReply,
    timeoutMs: number,
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

  /** The answer has begun. */
  answering(): void {
    clearTimeout(this.timer);
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
