import type { FastifyRequest } from 'fastify';
import { type Cut, cutAfter } from './cut-page';
import { itemDocument, pageDocument, uriLine } from './hal-document';
import { prettyJson, Printed } from './pretty-json';
import { requestBase } from './request-base';
import type { HalItem, HalPage } from './representation';

/** Items stand in `_embedded`, in a list of the document. */
const ITEM_DEPTH = 2;

/**
 * The page as it is sent. It ends before the item with which its items would exceed `maxBytes`, but has one item at least;
 * items behind the end are not read.
 */
export async function pageText(page: HalPage, request: FastifyRequest, maxBytes: number): Promise<string> {
  const counted = totalOf(page);
  const { texts, cut } = await itemTexts(page, requestBase(request), maxBytes);
  const items = new Printed(texts.length === 0 ? '[ ]' : `[ ${texts.join(', ')} ]`);
  return prettyJson(pageDocument(page, request, { totalElements: await counted, items, cut }));
}

/** The URIs of the items, a line each. */
export async function uriList({ page }: HalPage, request: FastifyRequest): Promise<string> {
  const base = requestBase(request);
  let lines = '';
  for await (const group of groupsOf(page.items)) for (const item of group) lines += uriLine(item, base);
  return lines;
}

/** Counting goes on while the items are read; when those cannot be read, nobody waits for it any more. */
function totalOf({ page: { totalElements } }: HalPage): number | Promise<number> {
  if (typeof totalElements === 'number') return totalElements;
  const counted = totalElements();
  counted.catch(() => undefined);
  return counted;
}

async function itemTexts(
  { page }: HalPage,
  base: string,
  maxBytes: number,
): Promise<{ texts: string[]; cut: Cut | undefined }> {
  const texts: string[] = [];
  let bytes = 0;
  for await (const group of groupsOf(page.items)) {
    for (const item of group) {
      const text = prettyJson(itemDocument(item, base), ITEM_DEPTH);
      bytes += Buffer.byteLength(text);
      if (bytes > maxBytes && texts.length > 0) {
        const cut = cutAfter(page.request, texts.length);
        return { texts: texts.slice(0, cut.returned), cut };
      }
      texts.push(text);
    }
  }
  return { texts, cut: undefined };
}

function groupsOf(
  items: HalPage['page']['items'],
): AsyncIterable<readonly HalItem[]> | readonly (readonly HalItem[])[] {
  return isList(items) ? [items] : items;
}

function isList(items: HalPage['page']['items']): items is readonly HalItem[] {
  return Array.isArray(items);
}
