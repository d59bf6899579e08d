import type { FastifyRequest } from 'fastify';
import type { PageRequest } from './page-request';
import { requestBase, requestTarget } from './request-base';
import type { HalItem, HalLinks, HalPage, Links, PageDescription } from './representation';

export interface Link {
  href: string;
  templated?: true;
}

/** The item as sent: its content, then `_links` with `self`, its own relation and the app's links. */
export function itemDocument(item: HalItem, base: string): object {
  return { ...item.item.content, _links: itemLinks(item, base) };
}

export function itemLinks({ item }: HalItem, base: string): Record<string, Link> {
  return { self: link(item.path, base), [item.rel]: link(item.path, base), ...links(item.links ?? {}, base) };
}

export function linksDocument(document: HalLinks, base: string): object {
  return { _links: links(document.links, base) };
}

/** `_embedded`, `_links` (first, prev, self, next, last, profile: those there are), `page`. */
export function pageDocument({ page }: HalPage, request: FastifyRequest): object {
  const base = requestBase(request);
  const { size, page: number } = page.request;
  const totalPages = Math.ceil(page.totalElements / size);
  return {
    _embedded: { [page.rel]: page.items.map((item) => itemDocument(item, base)) },
    _links: { ...pageLinks(page, request, totalPages) },
    page: { size, totalElements: page.totalElements, totalPages, number },
  };
}

/** The URIs of the items, a line each (RFC 2483). */
export function uriList({ page }: HalPage, request: FastifyRequest): string {
  const base = requestBase(request);
  return page.items.map(({ item }) => `${link(item.path, base).href}\n`).join('');
}

export function selfAndProfile({ page }: HalPage, request: FastifyRequest): Record<string, Link> {
  const base = requestBase(request);
  return { self: { href: base + requestTarget(request) }, profile: link(profileOf(page), base) };
}

function pageLinks(page: PageDescription, request: FastifyRequest, totalPages: number): Record<string, Link> {
  const base = requestBase(request);
  const target = requestTarget(request);
  const number = page.request.page;
  const at = (other: number): Link => ({ href: base + targetOfPage(target, page.request, other) });
  const hasOthers = totalPages > 1 || number > 0;
  return {
    ...(hasOthers && { first: at(0) }),
    ...(number > 0 && { prev: at(number - 1) }),
    self: { href: base + target },
    ...(number + 1 < totalPages && { next: at(number + 1) }),
    ...(hasOthers && { last: at(Math.max(totalPages - 1, 0)) }),
    profile: link(profileOf(page), base),
  };
}

/** The same target with `page` and `size` set, other parameters first and as they were, `sort` last. */
function targetOfPage(target: string, request: PageRequest, number: number): string {
  const [path = '/', query = ''] = splitOnce(target, '?');
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  const named = (parameter: string, name: string): boolean => parameter === name || parameter.startsWith(`${name}=`);
  const others = parameters.filter((parameter) => !['page', 'size', 'sort'].some((name) => named(parameter, name)));
  const sorts = parameters.filter((parameter) => named(parameter, 'sort'));
  return `${path}?${[...others, `page=${number}`, `size=${request.size}`, ...sorts].join('&')}`;
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function profileOf(page: PageDescription): string {
  return page.profile ?? `/profile/${page.rel}`;
}

function links(all: Links, base: string): Record<string, Link> {
  return Object.fromEntries(Object.entries(all).map(([rel, target]) => [rel, link(target, base)]));
}

function link(target: string, base: string): Link {
  const href = target.startsWith('/') ? base + target : target;
  return href.includes('{') ? { href, templated: true } : { href };
}
