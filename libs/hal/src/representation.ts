import type { PageRequest } from './page-request';

/** Link relations and where they lead: paths of this service (`/orders/7`, made absolute when sent) or absolute URLs; `{…}` makes a template. */
export type Links = Readonly<Record<string, string>>;

/** One resource. Answers 200 with the body, 204 with `Link` for HEAD, 304 where `If-None-Match` names its version. */
export class HalItem {
  constructor(readonly item: ItemDescription) {}
}

export interface ItemDescription {
  /** Relation of the item: `customer`. */
  rel: string;
  /** Its own path, ids already encoded: `/customers/7`. */
  path: string;
  /** The members before `_links`, in the order they are sent. */
  content: object;
  /** Becomes the ETag, and the `Consistency-Token` of a write; without it there is neither. */
  version?: number;
  /** The ETag of an item that is made of more than one versioned thing: a digest of them. Printable ASCII without quotes. */
  tag?: string;
  /** Links after `self` and the item's own relation. */
  links?: Links;
}

/** One page of a collection, with the links to the pages around it. */
export class HalPage {
  constructor(readonly page: PageDescription) {}
}

export interface PageDescription {
  /** Relation of the collection: `customers`. */
  rel: string;
  /** All of them, or groups of them, which are read while the answer is made and no further than it goes. */
  items: readonly HalItem[] | AsyncIterable<readonly HalItem[]>;
  /** How many elements all pages have together; a function is called once, before the items are read. */
  totalElements: number | (() => Promise<number>);
  request: PageRequest;
  /** Path of the collection's profile; `/profile/{rel}` unless given. */
  profile?: string;
}

/** A document of links only: the root of a service. */
export class HalLinks {
  constructor(readonly links: Links) {}
}

/** A document of another kind about resources, laid out as they are: a profile. */
export class HalDocument {
  constructor(
    readonly type: string,
    readonly document: object,
  ) {}
}

/** What a write leads to: a status, perhaps a `Location`, and the item when the client said in `Accept` that it wants one. */
export class Written {
  constructor(
    readonly status: 200 | 201 | 204,
    readonly item?: HalItem,
    readonly locatesItem = false,
  ) {}
}

export type Representation = HalItem | HalPage | HalLinks | HalDocument | Written;

export function halItem(item: ItemDescription): HalItem {
  return new HalItem(item);
}

export function halPage(page: PageDescription): HalPage {
  return new HalPage(page);
}

/** Groups of elements as groups of items, for `halPage`. */
export async function* halItems<T>(
  groups: AsyncIterable<readonly T[]>,
  toItem: (element: T) => HalItem,
): AsyncGenerator<HalItem[], void> {
  for await (const group of groups) yield group.map(toItem);
}

export function halLinks(links: Links): HalLinks {
  return new HalLinks(links);
}

/** 201 with `Location`. */
export function created(item: HalItem): Written {
  return new Written(201, item, true);
}

/** For PUT: 201 when it created the item, else 200 (204 without a body); `Location` always. */
export function replaced(item: HalItem, isNew: boolean): Written {
  return new Written(isNew ? 201 : 200, item, true);
}

/** For PATCH: 200, or 204 without a body. */
export function changed(item: HalItem): Written {
  return new Written(200, item);
}

/** For DELETE: 204; the item, without content, tells which version the deletion made. */
export function removed(item?: HalItem): Written {
  return new Written(204, item);
}
