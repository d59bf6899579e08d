import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { acceptedType, htmlType } from './accepted-type';
import { answerProblemDetails } from './failure-filter';
import { problemHtml, problemOf, problemPage, problems } from './problems';

const markdownType = 'text/markdown';

/**
 * Serves the pages that the `type` of problem details leads to, `/problems/conflict` and so on: as HTML where `Accept` prefers it, as
 * browsers do, else in Markdown. A kind that there is not is answered with a problem of its own.
 */
export function serveProblemPages(instance: FastifyInstance): void {
  instance.get<{ Params: { kind: string } }>('/problems/:kind', (request, reply) => {
    const problem = problemOf(request.params.kind);
    reply.header('vary', 'Accept');
    if (!problem) return answerProblemDetails(new NotFoundException(unknownKind), request, reply);
    const isHtml = acceptedType(request.headers.accept, [markdownType, htmlType]) === htmlType;
    const page = isHtml ? problemHtml(problem) : problemPage(problem);
    reply.header('content-type', `${isHtml ? htmlType : markdownType};charset=UTF-8`).send(Buffer.from(page));
  });
}

const unknownKind = `There is no such kind of problem. The kinds are ${problems.map(({ kind }) => kind).join(', ')}.`;
