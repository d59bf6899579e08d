export const halType = 'application/hal+json';
export const jsonType = 'application/json';
export const problemType = 'application/problem+json';
export const uriListType = 'text/uri-list';
export const htmlType = 'text/html';

/** What a HAL resource can be sent as; the first one is what a client gets that does not mind. */
export const halTypes: readonly string[] = [halType, jsonType];

interface MediaRange {
  type: string;
  quality: number;
}

/**
 * Which of the types a resource is sent as for this `Accept` header: the client's favourite, the first type where it has none,
 * undefined where it takes none of them. `application/problem+json` names only how errors should look.
 */
export function acceptedType(accept: string | undefined, types: readonly string[] = halTypes): string | undefined {
  const [first] = types;
  if (takesAnything(accept)) return first;
  for (const { type } of mediaRanges(accept)) {
    const match = types.find((candidate) => covers(type, candidate));
    if (match !== undefined) return match;
  }
  return acceptsProblemDetails(accept) ? first : undefined;
}

export function acceptsProblemDetails(accept: string | undefined): boolean {
  return !takesAnything(accept) && mediaRanges(accept).some(({ type }) => type === problemType);
}

/** The type Spring Boot sends an error as: HTML to a browser, a type made of JSON by the name it was asked for; undefined where none fits. */
export function acceptedErrorType(accept: string | undefined): string | undefined {
  if (takesAnything(accept)) return jsonType;
  for (const { type } of mediaRanges(accept)) {
    if (type === htmlType || /^application\/([\w.-]+\+)?json$/.test(type)) return type;
    if (covers(type, jsonType)) return jsonType;
  }
  return undefined;
}

function takesAnything(accept: string | undefined): accept is undefined | '' | '*/*' {
  return accept === undefined || accept === '*/*' || accept.trim() === '';
}

function covers(range: string, type: string): boolean {
  if (range === type || range === '*/*') return true;
  if (range.endsWith('/*')) return type.startsWith(range.slice(0, -1));
  // `application/*+json` (Spring reads it so; RFC 9110 does not know it)
  const [before, suffix] = range.split('/*+');
  return suffix !== undefined && type.startsWith(`${before}/`) && type.endsWith(`+${suffix}`);
}

/** What comes after it in a header counts as not sent: no client that means well names more. */
const mostRanges = 50;
/** Clients send few different headers, each many times. What is kept is bounded by both: 100 headers of 256 characters. */
const mostKept = 100;
const longestKeptChars = 256;
const kept = new Map<string, readonly MediaRange[]>();

function mediaRanges(accept: string): readonly MediaRange[] {
  const found = kept.get(accept);
  if (found) return found;
  const ranges = accept
    .split(',', mostRanges)
    .map(mediaRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  if (accept.length <= longestKeptChars) {
    if (kept.size >= mostKept) kept.clear();
    kept.set(accept, ranges);
  }
  return ranges;
}

/** How many parsed headers are kept, and how many characters and ranges they have together: for tests of the bound. */
export function keptRanges(): { readonly headers: number; readonly chars: number; readonly ranges: number } {
  const chars = [...kept.keys()].reduce((sum, header) => sum + header.length, 0);
  const ranges = [...kept.values()].reduce((sum, each) => sum + each.length, 0);
  return { headers: kept.size, chars, ranges };
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}
