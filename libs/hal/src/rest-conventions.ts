import type { FastifyInstance } from 'fastify';
import { sendRepresentations } from './hal-responses';
import { passBodiesOn, readJsonBodies } from './json-bodies';
import { rememberRoutes } from './known-routes';

/** `json`: read and parsed, the default. `stream`: left to the handler, whatever they are. */
export type Bodies = 'json' | 'stream';

/** Gives a Fastify server the conventions of Spring Data REST. Before any route is registered; create the Nest app with `bodyParser: false`. */
export function restConventions(instance: FastifyInstance, bodies: Bodies = 'json'): void {
  if (bodies === 'json') readJsonBodies(instance);
  else passBodiesOn(instance);
  rememberRoutes(instance);
  sendRepresentations(instance);
}
