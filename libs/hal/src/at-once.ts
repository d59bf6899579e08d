import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from './client-address';
import { SharedBudget } from './shared-budget';
import { TooBusy } from './too-busy';

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

/** A number of requests that are answered at a time, of which one client gets three quarters at most; the others are refused. */
export class AtOnce {
  private readonly places: SharedBudget;

  constructor(
    max: number,
    private readonly reason: string,
  ) {
    this.places = new SharedBudget(max);
  }

  /** Returns false when there is no place; else this request has one until its answer was sent or its client has left. */
  admits(request: FastifyRequest, reply: FastifyReply): boolean {
    const place = this.places.reserveNow(clientOf(request), 1);
    if (place) whenSent(reply, () => place.release());
    return place !== undefined;
  }

  get refusal(): TooBusy {
    return new TooBusy(this.reason, RETRY_SECONDS);
  }
}

/** Of the requests that `isMeant` names, no more than `max` are answered at a time, and three quarters of those of one client; the others get 503 with `Retry-After`. */
export function limitAtOnce(
  instance: FastifyInstance,
  { max, reason, isMeant }: { max: number; reason: string; isMeant: (request: FastifyRequest) => boolean },
): void {
  const places = new AtOnce(max, reason);
  instance.addHook('onRequest', (request, reply, done) => {
    done(!isMeant(request) || places.admits(request, reply) ? undefined : places.refusal);
  });
}
