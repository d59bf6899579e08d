import { isManagementUrl, type Lifecycle } from '@storefront/actuator';
import { answerProblemDetails } from '@storefront/hal';
import type { FastifyInstance } from 'fastify';

class ShuttingDown extends Error {
  readonly kind = 'unavailable' as const;
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * Lets a service go without a failed request where another instance is there to take over. While it drains, safe requests are served, and
 * others get 503 at once; while it closes, all new ones do. Requests in flight are finished, probes are answered, and connections
 * close behind each answer, which is how a proxy knows that 503 from others.
 */
export function refuseWhenDraining(instance: FastifyInstance, lifecycle: Lifecycle): void {
  instance.addHook('onRequest', (request, reply, done) => {
    if (isTaken(lifecycle, request.method) || isManagementUrl(request.url)) return done();
    answerProblemDetails(new ShuttingDown('This instance is shutting down.'), request, reply);
  });
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (isEnding(lifecycle)) reply.header('connection', 'close');
    done(null, payload);
  });
}

const isEnding = ({ state }: Lifecycle): boolean => state === 'draining' || state === 'closing';

function isTaken(lifecycle: Lifecycle, method: string): boolean {
  return !isEnding(lifecycle) || (lifecycle.state === 'draining' && safeMethods.includes(method));
}
