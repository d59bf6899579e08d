import type { FastifyInstance } from 'fastify';
import { tellNoLengthOfNothing } from './bodiless-answers';
import type { AnswerLimits } from './answer-limits';
import type { IsUnavailable } from './failure';
import { sendRepresentations } from './hal-responses';
import { passBodiesOn, readJsonBodies } from './json-bodies';
import { rememberRoutes } from './known-routes';
import { serveProblemPages } from './problem-pages';
import { refuseLongTargets } from './target-limit';

/** `json`: read and parsed, the default. `stream`: left to the handler, whatever they are. */
export type Bodies = 'json' | 'stream';

export interface Conventions {
  /** What handlers get as the body; `json` unless said otherwise. */
  bodies?: Bodies | undefined;
  /** PUT, PATCH and DELETE of HAL resources have to name a version in `If-Match`, else 428; off by default. */
  requireIfMatch?: boolean | undefined;
  /** How much answers may hold; `answerLimits` unless given. */
  limits?: AnswerLimits | undefined;
  /** Errors that are answered with 503 and `Retry-After` although they do not say so themselves. */
  isUnavailable?: IsUnavailable | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    isUnavailable?: IsUnavailable;
  }
}

/** Gives a Fastify server the conventions of Spring Data REST. Before any route is registered; create the Nest app with `bodyParser: false`. */
export function restConventions(
  instance: FastifyInstance,
  { bodies, isUnavailable, ...options }: Conventions = {},
): void {
  refuseLongTargets(instance);
  if (bodies === 'stream') passBodiesOn(instance);
  else readJsonBodies(instance);
  if (isUnavailable) instance.decorate('isUnavailable', isUnavailable);
  rememberRoutes(instance);
  serveProblemPages(instance);
  tellNoLengthOfNothing(instance);
  sendRepresentations(instance, options);
}
