import { isManagementUrl, type Lifecycle } from '@storefront/actuator';
import type { FastifyInstance } from 'fastify';

const refusal = {
  type: 'about:blank',
  title: 'Service Unavailable',
  status: 503,
  detail: 'This instance is shutting down.',
};

/** While the service drains: requests in flight are finished, new ones get 503 at once, probes are answered, and connections close behind each answer. */
export function refuseWhenDraining(instance: FastifyInstance, lifecycle: Lifecycle): void {
  instance.addHook('onRequest', (request, reply, done) => {
    if (lifecycle.state !== 'draining' || isManagementUrl(request.url)) return done();
    reply
      .code(503)
      .header('retry-after', '1')
      .header('content-type', 'application/problem+json')
      .send(Buffer.from(JSON.stringify(refusal)));
  });
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (lifecycle.state === 'draining') reply.header('connection', 'close');
    done(null, payload);
  });
}
