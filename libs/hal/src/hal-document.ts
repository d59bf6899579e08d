import type { FastifyRequest } from 'fastify';
import type { Cut } from './cut-page';
import type { Printed } from './pretty-json';
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

/** What a page turned out to be when its items had been read. */
export interface PageRead {
  readonly totalElements: number;
  /** The items, laid out. */
  readonly items: Printed;
  /** Where it ends before all its items were sent. */
  readonly cut: Cut | undefined;
}

/**
 * `_embedded`, `_links` (first, prev, self, next, last, profile: those there are), `page`. Of a page that was cut, `page` tells
 * in `returned` how many items are there, and `next` leads to those behind them.
 */
export function pageDocument({ page }: HalPage, request: FastifyRequest, read: PageRead): object {
  const { size, page: number } = page.request;
  const { totalElements, items, cut } = read;
  const totalPages = Math.ceil(totalElements / size);
  return {
    _embedded: { [page.rel]: items },
    _links: pageLinks(page, request, { totalPages, cut }),
    page: { size, totalElements, totalPages, number, ...(cut && { returned: cut.returned }) },
  };
}

/** The URI of an item as a line of a list (RFC 2483). */
export function uriLine({ item }: HalItem, base: string): string {
  return `${link(item.path, base).href}\n`;
}

export function selfAndProfile({ page }: HalPage, request: FastifyRequest): Record<string, Link> {
  const base = requestBase(request);
  return { self: { href: base + requestTarget(request) }, profile: link(profileOf(page), base) };
}

function pageLinks(
  page: PageDescription,
  request: FastifyRequest,
  { totalPages, cut }: { totalPages: number; cut: Cut | undefined },
): Record<string, Link> {
  const base = requestBase(request);
  const target = requestTarget(request);
  const { page: number, size } = page.request;
  const at = (other: number, itsSize = size): Link => ({
    href: base + targetOfPage(target, { page: other, size: itsSize }),
  });
  const hasOthers = totalPages > 1 || number > 0;
  const next = cut ? at(cut.next.page, cut.next.size) : at(number + 1);
  return {
    ...(hasOthers && { first: at(0) }),
    ...(number > 0 && { prev: at(number - 1) }),
    self: { href: base + target },
    ...((cut || number + 1 < totalPages) && { next }),
    ...(hasOthers && { last: at(Math.max(totalPages - 1, 0)) }),
    profile: link(profileOf(page), base),
  };
}

/** The same target with `page` and `size` set, other parameters first and as they were, `sort` last. */
function targetOfPage(target: string, { page, size }: { page: number; size: number }): string {
  const [path = '/', query = ''] = splitOnce(target, '?');
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  const named = (parameter: string, name: string): boolean => parameter === name || parameter.startsWith(`${name}=`);
  const others = parameters.filter((parameter) => !['page', 'size', 'sort'].some((name) => named(parameter, name)));
  const sorts = parameters.filter((parameter) => named(parameter, 'sort'));
  return `${path}?${[...others, `page=${page}`, `size=${size}`, ...sorts].join('&')}`;
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
