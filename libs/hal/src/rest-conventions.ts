import type { FastifyInstance } from 'fastify';
import { sendRepresentations } from './hal-responses';
import { readJsonBodies } from './json-bodies';
import { rememberRoutes } from './known-routes';

/** Gives a Fastify server the conventions of Spring Data REST. Before any route is registered; create the Nest app with `bodyParser: false`. */
export function restConventions(instance: FastifyInstance): void {
  readJsonBodies(instance);
  rememberRoutes(instance);
  sendRepresentations(instance);
}
