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

/** Clients send few different headers, each many times; what somebody makes up is not kept for ever. */
const maxKnown = 500;
const known = new Map<string, readonly MediaRange[]>();

function mediaRanges(accept: string): readonly MediaRange[] {
  const found = known.get(accept);
  if (found) return found;
  const ranges = accept
    .split(',')
    .map(mediaRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  if (known.size >= maxKnown) known.clear();
  known.set(accept, ranges);
  return ranges;
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}
