import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { problemOf, problemPage } from './problems';

/** Serves the pages that the `type` of problem details leads to, in Markdown: `/problems/conflict` and so on. */
export function serveProblemPages(instance: FastifyInstance): void {
  instance.get<{ Params: { kind: string } }>('/problems/:kind', (request, reply) => {
    const problem = problemOf(request.params.kind);
    if (!problem) throw new NotFoundException();
    return reply.header('content-type', 'text/markdown;charset=UTF-8').send(Buffer.from(problemPage(problem)));
  });
}
