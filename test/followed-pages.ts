import type { httpClient } from './http-client';

interface Item {
  _links: { self: { href: string } };
}

interface Page {
  _embedded: Record<string, Item[]>;
  _links: { next?: { href: string } };
  page: { size: number; totalElements: number; returned?: number };
}

export interface FollowedPages {
  /** The links to themselves of all elements, in the order they came. */
  readonly elements: string[];
  /** Bytes of each answer. */
  readonly bytes: number[];
  readonly pages: Page[];
}

/** Reads a collection from `path` on as a client does that follows `next`. Throws where an answer is not 200. */
export async function followPages(
  { url, request }: { url: string; request: ReturnType<typeof httpClient> },
  path: string,
): Promise<FollowedPages> {
  const read: FollowedPages = { elements: [], bytes: [], pages: [] };
  for (let next: string | undefined = url + path; next !== undefined;) {
    const { status, text, json } = await request('GET', next.slice(url.length));
    if (status !== 200) throw new Error(`${next} answered ${status}: ${text.slice(0, 200)}`);
    const page = json as Page;
    const items = Object.values(page._embedded).flat();
    read.elements.push(...items.map(({ _links }) => _links.self.href.slice(url.length)));
    read.bytes.push(Buffer.byteLength(text));
    read.pages.push(page);
    next = page._links.next?.href;
  }
  return read;
}
