import { BadRequestException, createParamDecorator, type ExecutionContext, HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { ItemDescription } from './representation';

const mostTags = 50;
/** A tag with quotes, in which a comma or an asterisk means nothing, or a word without them, which old clients send. */
const tagPattern = /(?:W\/)?"[^"]*"|[^\s",*]+/g;
/** No aggregate has it, so that a tag we never gave matches nothing. */
const unknownVersion = -1;

/** Whether an item has to be there for a write to be made, or must not be. */
export type ExpectedPresence = 'present' | 'absent';

/** The versions that a write may replace, from `If-Match`; undefined where the client takes any (no header, or `*`). */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): readonly number[] | undefined =>
  expectedVersions(headersOf(context)['if-match']),
);

/** For PUT, which creates as well as replaces: `If-Match: *` wants the item to be there, `If-None-Match: *` wants it not to be. */
export const IfPresent = createParamDecorator((_: unknown, context: ExecutionContext): ExpectedPresence | undefined =>
  expectedPresence(headersOf(context)),
);

/** A write was sent without saying which version it is about, where the server wants to know (RFC 6585). */
export class PreconditionRequired extends HttpException {
  constructor() {
    super('If-Match is required here: send the ETag of the version that is to be changed, or "*".', 428);
  }
}

/**
 * Returns the versions that an `If-Match` header names, of which the resource has to have one (RFC 9110, 13.1.1); undefined where
 * there is no header, or `*`. Tags that no resource has, weak ones too, stand for a version that none has. Throws a 400 where the
 * header names no tag, has `*` beside tags, or is no list of at most 50: a write that was to be guarded is never made without.
 */
export function expectedVersions(ifMatch: string | undefined): readonly number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const tags = tagsOf(ifMatch);
  const between = ifMatch.replace(tagPattern, '');
  if (tags.length === 0 || tags.length > mostTags || /[^\s,]/.test(between))
    throw new BadRequestException(
      `If-Match: "*" or a list of at most ${mostTags} tags is expected, such as "3" or "3", "4".`,
    );
  return tags.map((tag) => versionOf(tag) ?? unknownVersion);
}

export function expectedPresence(headers: FastifyRequest['headers']): ExpectedPresence | undefined {
  if (headers['if-match']?.trim() === '*') return 'present';
  return headers['if-none-match']?.trim() === '*' ? 'absent' : undefined;
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
    .some((given) => given.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') === tag);
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
