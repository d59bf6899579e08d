import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotAcceptableException } from '@nestjs/common';
import { acceptedType, halType } from './accepted-type';
import { isCurrent } from './conditional-request';
import { consistencyToken, tokenOf } from './consistency-token';
import { itemDocument, itemLinks, linksDocument, pageDocument, selfAndProfile, type Link } from './hal-document';
import { prettyJson } from './pretty-json';
import { requestBase } from './request-base';
import { HalItem, HalLinks, HalPage, Written } from './representation';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route belongs to a HAL resource: it negotiates HAL or JSON, else 406. */
    hal?: boolean;
    /** No original service had it: its errors are problem details, and its writes answer with a body, `Accept` or not. */
    ours?: boolean;
  }
}

/** What Spring's cross-origin handling adds to every answer of a resource. */
export const varyHeaders = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'];

/** Sends what handlers return as `HalItem`, `HalPage`, `HalLinks` and `Written`; everything else goes out as Fastify would send it. */
export function sendRepresentations(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config?.hal !== true) return done();
    reply.header('vary', varyHeaders);
    done(acceptedType(request.headers.accept) === undefined ? new NotAcceptableException() : undefined);
  });
  instance.addHook('preSerialization', (request, reply, payload, done) => {
    const text = textOf(payload, request, reply);
    if (text === undefined) return done(null, payload);
    reply.serializer(asItIs);
    done(null, text);
  });
}

function asItIs(payload: unknown): string {
  return String(payload);
}

function textOf(payload: unknown, request: FastifyRequest, reply: FastifyReply): string | undefined {
  if (payload instanceof HalItem) return itemText(payload, request, reply);
  if (payload instanceof HalPage) return pageText(payload, request, reply);
  if (payload instanceof HalLinks) return linksText(payload, request, reply);
  if (payload instanceof Written) return writtenText(payload, request, reply);
  return undefined;
}

function itemText(item: HalItem, request: FastifyRequest, reply: FastifyReply): string {
  const { version } = item.item;
  if (version !== undefined) reply.header('etag', `"${version}"`);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead) tellVersion(item, reply);
  if (isRead && isCurrent(request.headers['if-none-match'], version)) return withoutBody(reply, 304);
  if (request.method === 'HEAD') return linksOnly(itemLinks(item, requestBase(request)), reply);
  return withBody(itemDocument(item, requestBase(request)), request, reply.code(200));
}

function pageText(page: HalPage, request: FastifyRequest, reply: FastifyReply): string {
  if (request.method === 'HEAD') return linksOnly(selfAndProfile(page, request), reply);
  return withBody(pageDocument(page, request), request, reply.code(200));
}

function linksText(links: HalLinks, request: FastifyRequest, reply: FastifyReply): string {
  if (request.method === 'HEAD') return withoutBody(reply, 204);
  return withBody(linksDocument(links, requestBase(request)), request, reply.code(200));
}

function writtenText({ status, item, locatesItem }: Written, request: FastifyRequest, reply: FastifyReply): string {
  if (item) tellVersion(item, reply);
  if (!item || status === 204) return withoutBody(reply, status);
  const { path, version } = item.item;
  if (locatesItem) reply.header('location', requestBase(request) + path);
  if (version !== undefined) reply.header('etag', `"${version}"`);
  if (!request.headers.accept && request.routeOptions.config?.ours !== true)
    return withoutBody(reply, status === 201 ? 201 : 204);
  return withBody(itemDocument(item, requestBase(request)), request, reply.code(status));
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
