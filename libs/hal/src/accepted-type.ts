export const halType = 'application/hal+json';
export const jsonType = 'application/json';
export const problemType = 'application/problem+json';

interface MediaRange {
  type: string;
  quality: number;
}

/**
 * The type a HAL resource is sent as for this `Accept` header (HAL unless JSON is preferred), or undefined where the client
 * takes neither. `application/problem+json` names only how errors should look.
 */
export function acceptedType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept.trim() === '') return halType;
  for (const { type } of mediaRanges(accept)) {
    if (type === jsonType) return jsonType;
    if (type === halType || type === '*/*' || type === 'application/*') return halType;
  }
  return acceptsProblemDetails(accept) ? halType : undefined;
}

export function acceptsProblemDetails(accept: string | undefined): boolean {
  return accept !== undefined && mediaRanges(accept).some(({ type }) => type === problemType);
}

function mediaRanges(accept: string): MediaRange[] {
  return accept
    .split(',')
    .map(mediaRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}
