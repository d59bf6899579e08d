import { BadRequestException, createParamDecorator, type ExecutionContext, HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { Precondition } from '@storefront/wire';
import type { ItemDescription } from './representation';

const mostTags = 50;
/** A tag with quotes, in which a comma or an asterisk means nothing, or a word without them, which old clients send. */
const tagPattern = /(?:W\/)?"[^"]*"|[^\s",*]+/g;
/** No aggregate has it, so that a tag we never gave matches nothing. */
const unknownVersion = -1;

/** The precondition that `If-Match` and `If-None-Match` make for a write; undefined where the client has sent neither. */
export const IfMatches = createParamDecorator((_: unknown, context: ExecutionContext): Precondition | undefined =>
  preconditionOf(headersOf(context)),
);

/** A write was sent without saying which version it is about, where the server wants to know (RFC 6585). */
export class PreconditionRequired extends HttpException {
  constructor() {
    super('If-Match is required here: send the ETag of the version that is to be changed, or "*".', 428);
  }
}

/**
 * Returns what the headers of a write say about the version it may be made on (RFC 9110, 13.1.1 and 13.1.2): `If-Match` names
 * versions of which the resource has to have one, `If-None-Match` versions of which it may have none. Tags that no resource has
 * stand for a version that none has; weak ones do in `If-Match`, and count as strong ones in `If-None-Match`. Throws a 400 that
 * names the header where it has no tag, `*` beside tags, or more than 50 tags: a write that was to be guarded is never made without.
 */
export function preconditionOf(headers: FastifyRequest['headers']): Precondition | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return {
    ...(ifMatch !== undefined && { anyOf: versionsIn('If-Match', ifMatch) }),
    ...(ifNoneMatch !== undefined && { noneOf: versionsIn('If-None-Match', ifNoneMatch, withoutWeakness) }),
  };
}

function versionsIn(name: string, header: string, tagMeant = asItIs): readonly number[] | '*' {
  if (header.trim() === '*') return '*';
  const tags = tagsOf(header);
  const between = header.replace(tagPattern, '');
  if (tags.length === 0 || tags.length > mostTags || /[^\s,]/.test(between))
    throw new BadRequestException(
      `${name}: "*" or a list of at most ${mostTags} tags is expected, such as "3" or "3", "4".`,
    );
  return tags.map((tag) => versionOf(tagMeant(tag)) ?? unknownVersion);
}

function asItIs(tag: string): string {
  return tag;
}

function withoutWeakness(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** What the ETag of an item says, without its quotes: its tag, or its version; undefined where it has neither. */
export function tagOf({ tag, version }: Pick<ItemDescription, 'tag' | 'version'>): string | undefined {
  return tag ?? (version === undefined ? undefined : String(version));
}

/** A tag for an item that is made of several things, from their versions and ids: the same for the same ones in the same order. */
export function tagOfAll(parts: readonly (string | number | boolean)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Does `If-None-Match` name this tag, quotes or not? `*` does not, as in Spring Data REST. */
export function isCurrent(ifNoneMatch: string | undefined, tag: string | undefined): boolean {
  if (tag === undefined || ifNoneMatch === undefined) return false;
  return tagsOf(ifNoneMatch)
    .slice(0, mostTags)
    .some((given) => withoutWeakness(given).replace(/^"(.*)"$/, '$1') === tag);
}

function headersOf(context: ExecutionContext): FastifyRequest['headers'] {
  return context.switchToHttp().getRequest<FastifyRequest>().headers;
}

function tagsOf(header: string): string[] {
  return header.match(tagPattern) ?? [];
}

function versionOf(tag: string): number | undefined {
  const digits = /^"(\d+)"$|^(\d+)$/.exec(tag);
  return digits === null ? undefined : Number(digits[1] ?? digits[2]);
}
