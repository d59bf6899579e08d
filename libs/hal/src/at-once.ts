import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TooBusy } from './byte-budget';

const RETRY_SECONDS = 5;

/** Calls `then` once: when the answer was handed to the operating system, or its client has left. Calls it immediately if the client left before. */
export function whenSent({ raw }: FastifyReply, then: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    raw.off('finish', once);
    raw.off('close', once);
    then();
  };
  if (raw.destroyed || raw.closed || raw.writableFinished) return once();
  raw.once('finish', once);
  raw.once('close', once);
}

/** A number of requests that are answered at a time; the others are refused. */
export class AtOnce {
  private running = 0;

  constructor(
    private readonly max: number,
    private readonly reason: string,
  ) {}

  /** False when as many are running; else this one counts until its answer was sent or its client has left. */
  admits(reply: FastifyReply): boolean {
    if (this.running >= this.max) return false;
    this.running++;
    whenSent(reply, () => this.running--);
    return true;
  }

  get refusal(): TooBusy {
    return new TooBusy(this.reason, RETRY_SECONDS);
  }
}

/** Of the requests that `isMeant` names, no more than `max` are answered at a time; the others get 503 with `Retry-After`. */
export function limitAtOnce(
  instance: FastifyInstance,
  { max, reason, isMeant }: { max: number; reason: string; isMeant: (request: FastifyRequest) => boolean },
): void {
  const places = new AtOnce(max, reason);
  instance.addHook('onRequest', (request, reply, done) => {
    done(!isMeant(request) || places.admits(reply) ? undefined : places.refusal);
  });
}
