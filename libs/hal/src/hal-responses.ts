import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotAcceptableException } from '@nestjs/common';
import { acceptedType, halType, halTypes, uriListType } from './accepted-type';
import { isCurrent, PreconditionRequired, tagOf } from './conditional-request';
import { answerLimits, type AnswerLimits } from './answer-limits';
import { AtOnce, whenSent } from './at-once';
import { clientOf } from './client-address';
import { consistencyToken, tokenOf } from './consistency-token';
import { itemDocument, itemLinks, linksDocument, selfAndProfile, type Link } from './hal-document';
import { pageText, uriList } from './page-text';
import { prettyJson } from './pretty-json';
import { requestBase } from './request-base';
import { HalDocument, HalItem, HalLinks, HalPage, type Representation, Written } from './representation';
import { type Reservation, SharedBudget } from './shared-budget';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route belongs to a HAL resource: it negotiates HAL or JSON, else 406. */
    hal?: boolean;
    /** No original service had it: its errors are problem details, and its writes answer with a body, `Accept` or not. */
    ours?: boolean;
    /** The route streams a whole collection: only so many at once, else 503. */
    wholeCollection?: boolean;
    /** The types the route can be sent as, where they are not those of a HAL resource: with an empty list, whatever `Accept` says. */
    produces?: readonly string[];
  }
}

/** What Spring's cross-origin handling adds to every answer of a resource. */
export const originHeaders = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'];
/** What the answers of resources depend on besides the URL: the type they are sent as, too. */
export const varyHeaders = ['Accept', ...originHeaders];

/** Longer texts are handed on as bytes, which are not on the heap while a slow client takes them. */
const LONG_TEXT = 64 * 1024;
/** Single resources have a quarter of what pages have, besides. */
const partForSingles = 4;
const collectionTypes = [...halTypes, uriListType];
const writesOfItems = ['PUT', 'PATCH', 'DELETE'];

export interface RepresentationOptions {
  /** PUT, PATCH and DELETE of a HAL resource that name no version are refused with 428; off unless given. */
  readonly requireIfMatch?: boolean | undefined;
  readonly limits?: AnswerLimits | undefined;
}

/**
 * Sends what handlers return as `HalItem`, `HalPage`, `HalLinks` and `Written`; everything else goes out as Fastify would send
 * it. Pages end where they reach their limit in bytes. All pages that are made or sent together have a limit too, and long
 * single resources another one, of which a client gets a share: beyond it an answer waits for its turn, 3 s at most, and is
 * refused with 503.
 */
export function sendRepresentations(
  instance: FastifyInstance,
  { requireIfMatch = false, limits = answerLimits }: RepresentationOptions = {},
): void {
  const answers = new Answers(limits);
  const collections = new AtOnce(limits.maxCollections, 'Too many whole collections are being read.');
  instance.addHook('onRequest', (request, reply, done) => {
    const { hal, produces, wholeCollection } = request.routeOptions.config ?? {};
    if (hal === true) reply.header('vary', varyHeaders);
    const types = produces ?? (hal === true ? typesOf(request) : undefined);
    const type = types?.length ? acceptedType(request.headers.accept, types) : undefined;
    if (types?.length && type === undefined) return done(new NotAcceptableException());
    if (wholeCollection === true) {
      if (!collections.admits(request, reply)) return done(collections.refusal);
      reply.header('vary', 'Accept').header('content-type', type);
    }
    done(requireIfMatch && hal === true && isBlind(request) ? new PreconditionRequired() : undefined);
  });
  instance.addHook('preSerialization', async (request, reply, payload) => {
    if (!isRepresentation(payload)) return payload;
    if (acceptsOnlyUris(request) && !(payload instanceof HalPage || payload instanceof HalDocument))
      throw new NotAcceptableException();
    reply.serializer(asItIs);
    if (payload instanceof HalPage) return answers.page(payload, request, reply);
    return answers.text(textOf(payload, request, reply), request, reply);
  });
}

/** Makes the texts of pages, and keeps what answers to reads hold within the limits, each client to its share of them. */
class Answers {
  private readonly pages: SharedBudget;
  /** Not that of pages: whoever asks for one resource does not wait for long answers that others are sent. */
  private readonly singles: SharedBudget;

  constructor(private readonly limits: AnswerLimits) {
    this.pages = new SharedBudget(limits.maxPagesBytes);
    this.singles = new SharedBudget(limits.maxPagesBytes / partForSingles);
  }

  /** A long text counts until it was sent. What a write did is told in any case. */
  async text(text: string, request: FastifyRequest, reply: FastifyReply): Promise<string | Buffer> {
    if (text.length <= LONG_TEXT || request.method !== 'GET') return text;
    const sent = Buffer.from(text);
    holdUntilSent(await this.singles.reserve(clientOf(request), sent.length), reply);
    return sent;
  }

  async page(page: HalPage, request: FastifyRequest, reply: FastifyReply): Promise<string | Buffer> {
    if (request.method === 'HEAD') return linksOnly(selfAndProfile(page, request), reply);
    const { maxPageBytes } = this.limits;
    const held = holdUntilSent(await this.pages.reserve(clientOf(request), maxPageBytes), reply);
    const accept = acceptedType(request.headers.accept, collectionTypes);
    const wantsUris = accept === uriListType;
    const text = await (wantsUris ? uriList(page, request) : pageText(page, request, maxPageBytes));
    const sent = text.length > LONG_TEXT ? Buffer.from(text) : text;
    held.shrinkTo(Buffer.byteLength(sent));
    reply.code(200).header('content-type', wantsUris ? uriListType : (acceptedType(request.headers.accept) ?? halType));
    return sent;
  }
}

function holdUntilSent(held: Reservation, reply: FastifyReply): Reservation {
  whenSent(reply, () => held.release());
  return held;
}

/** Lists of URIs are for collections, which only the handler knows to be one; what it does not write can wait for that. */
function typesOf({ method }: FastifyRequest): readonly string[] {
  return method === 'GET' || method === 'HEAD' ? collectionTypes : halTypes;
}

function acceptsOnlyUris({ headers: { accept } }: FastifyRequest): boolean {
  return accept !== undefined && acceptedType(accept) === undefined;
}

function isBlind({ method, headers }: FastifyRequest): boolean {
  if (!writesOfItems.includes(method) || headers['if-match'] !== undefined) return false;
  return method !== 'PUT' || headers['if-none-match'] !== '*';
}

function isRepresentation(payload: unknown): payload is Representation {
  return (
    payload instanceof HalItem ||
    payload instanceof HalPage ||
    payload instanceof HalLinks ||
    payload instanceof HalDocument ||
    payload instanceof Written
  );
}

function asItIs(payload: unknown): string {
  // bytes too are taken as they are
  return payload as string;
}

function textOf(payload: Exclude<Representation, HalPage>, request: FastifyRequest, reply: FastifyReply): string {
  if (payload instanceof HalItem) return itemText(payload, request, reply);
  if (payload instanceof HalLinks) return linksText(payload, request, reply);
  if (payload instanceof HalDocument) return documentText(payload, request, reply);
  return writtenText(payload, request, reply);
}

function itemText(item: HalItem, request: FastifyRequest, reply: FastifyReply): string {
  tagItem(item, reply);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead) tellVersion(item, reply);
  if (isRead && isCurrent(request.headers['if-none-match'], tagOf(item.item))) return withoutBody(reply, 304);
  if (request.method === 'HEAD') return linksOnly(itemLinks(item, requestBase(request)), reply);
  return withBody(itemDocument(item, requestBase(request)), request, reply.code(200));
}

function linksText(links: HalLinks, request: FastifyRequest, reply: FastifyReply): string {
  if (request.method === 'HEAD') return withoutBody(reply, 204);
  return withBody(linksDocument(links, requestBase(request)), request, reply.code(200));
}

function documentText({ type, document }: HalDocument, request: FastifyRequest, reply: FastifyReply): string {
  if (request.method === 'HEAD') return withoutBody(reply, 204);
  reply.code(200).header('content-type', type);
  return prettyJson(document);
}

function writtenText({ status, item, locatesItem }: Written, request: FastifyRequest, reply: FastifyReply): string {
  if (item) tellVersion(item, reply);
  if (!item || status === 204) return withoutBody(reply, status);
  if (locatesItem) reply.header('location', requestBase(request) + item.item.path);
  tagItem(item, reply);
  if (!request.headers.accept && request.routeOptions.config?.ours !== true)
    return withoutBody(reply, status === 201 ? 201 : 204);
  return withBody(itemDocument(item, requestBase(request)), request, reply.code(status));
}

function tagItem({ item }: HalItem, reply: FastifyReply): void {
  const tag = tagOf(item);
  if (tag !== undefined) reply.header('etag', `"${tag}"`);
}

/** For reads at other services, which hear of the write later. */
function tellVersion(item: HalItem, reply: FastifyReply): void {
  const token = tokenOf(item);
  if (token !== undefined) reply.header(consistencyToken.toLowerCase(), token);
}

function linksOnly(links: Record<string, Link>, reply: FastifyReply): string {
  const values = Object.entries(links).map(([rel, { href }]) => `<${href}>;rel="${rel}"`);
  reply.header('link', values.join(','));
  return withoutBody(reply, 204);
}

function withoutBody(reply: FastifyReply, status: number): string {
  reply.code(status).removeHeader('content-type');
  return '';
}

function withBody(document: object, request: FastifyRequest, reply: FastifyReply): string {
  reply.header('content-type', acceptedType(request.headers.accept) ?? halType);
  return prettyJson(document);
}
