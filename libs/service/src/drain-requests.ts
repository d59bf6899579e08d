import { isManagementUrl, type Lifecycle } from '@storefront/actuator';
import type { FastifyInstance } from 'fastify';

const refusal = {
  type: 'about:blank',
  title: 'Service Unavailable',
  status: 503,
  detail: 'This instance is shutting down.',
};

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * Lets a service go without a failed request where another instance is there to take over. While it drains, safe requests are served, and
 * others get 503 at once; while it closes, all new ones do. Requests in flight are finished, probes are answered, and connections
 * close behind each answer, which is how a proxy knows that 503 from others.
 */
export function refuseWhenDraining(instance: FastifyInstance, lifecycle: Lifecycle): void {
  instance.addHook('onRequest', ({ method, url }, reply, done) => {
    if (isTaken(lifecycle, method) || isManagementUrl(url)) return done();
    reply
      .code(503)
      .header('retry-after', '1')
      .header('content-type', 'application/problem+json')
      .send(Buffer.from(JSON.stringify(refusal)));
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
