import type { ContentObject, HeadersObject, ReferenceObject, ResponseObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { htmlType, jsonType, problemType } from '../accepted-type';
import { schemaRef } from './api-schemas';
import { problemPath } from '../problems';
import { type ErrorStatus, errorTexts } from './error-texts';

/** Problem details alone, Spring Data REST's shape, Spring Boot's (about paths and types), none of the originals' had a body, or an answer to HEAD. */
export type ErrorShape = 'problem' | 'failure' | 'routing' | 'bare' | 'head';

const allow: HeadersObject = {
  Allow: { description: 'The methods that the path has.', required: true, schema: { type: 'string' } },
};
const retryAfter: HeadersObject = {
  'Retry-After': { description: 'In how many seconds to try again.', required: true, schema: { type: 'string' } },
};

const bareStatuses: readonly ErrorStatus[] = [404, 405, 412];
const routingStatuses: readonly ErrorStatus[] = [406];

/** In which shape a resource of the originals tells an error, and one of ours. */
export function shapeOf(status: ErrorStatus, isOurs: boolean): ErrorShape {
  if (isOurs || status === 422) return 'problem';
  if (bareStatuses.includes(status)) return 'bare';
  return routingStatuses.includes(status) ? 'routing' : 'failure';
}

export function errorRef(status: ErrorStatus, shape: ErrorShape): ReferenceObject {
  return { $ref: `#/components/responses/${shape}${status}` };
}

/** The answer that `errorRef` names. */
export function describedError(status: ErrorStatus, shape: ErrorShape): ResponseObject {
  const isBare = shape === 'bare';
  const hasContent = !isBare && shape !== 'head';
  const text = errorTexts[status];
  return {
    description: isBare ? `${text} Without a body, or as problem details where Accept names them.` : text,
    ...(status === 405 && { headers: allow }),
    ...(status === 503 && { headers: retryAfter }),
    ...(hasContent && { content: contentOf(status, shape) }),
  };
}

function contentOf(status: ErrorStatus, shape: ErrorShape): ContentObject {
  const problem = { [problemType]: { schema: schemaRef('Problem'), example: exampleProblem(status) } };
  if (shape === 'problem') return problem;
  if (shape === 'failure') return { [jsonType]: { schema: schemaRef('Failure') }, ...problem };
  return {
    [jsonType]: { schema: schemaRef('RoutingFailure') },
    [htmlType]: { schema: { type: 'string' } },
    ...problem,
  };
}

function exampleProblem(status: ErrorStatus): object {
  const errors = [{ field: 'name.firstName', message: 'Invalid input: expected string, received null' }];
  return {
    type: problemPath(status),
    title: STATUS_CODES[status],
    status,
    detail: errorTexts[status],
    instance: '/',
    ...(status === 400 && { errors }),
  };
}
