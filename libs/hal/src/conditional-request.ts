import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** No aggregate has it, so that a tag we never gave matches nothing. */
const unknownVersion = -1;

/** The version a write may replace, from `If-Match`: undefined where the client does not care (no header, or `*`). */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined =>
  expectedVersion(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

export function expectedVersion(ifMatch: string | undefined): number | undefined {
  const [first] = tagsOf(ifMatch);
  if (first === undefined || first === '*') return undefined;
  return versionOf(first) ?? unknownVersion;
}

/** Does one of the tags of `If-None-Match` name this version? `*` does not, as in Spring Data REST. */
export function isCurrent(ifNoneMatch: string | undefined, version: number | undefined): boolean {
  if (version === undefined) return false;
  return tagsOf(ifNoneMatch).some((tag) => versionOf(tag.replace(/^W\//, '')) === version);
}

function tagsOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function versionOf(tag: string): number | undefined {
  const digits = /^"(\d+)"$|^(\d+)$/.exec(tag);
  return digits === null ? undefined : Number(digits[1] ?? digits[2]);
}
