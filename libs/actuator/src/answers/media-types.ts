export const actuatorV3 = 'application/vnd.spring-boot.actuator.v3+json';
export const actuatorV2 = 'application/vnd.spring-boot.actuator.v2+json';
/** What Actuator's JSON endpoints offer, the preferred one first; HAL for clients that follow links and accept nothing else. */
const offered: readonly string[] = [actuatorV3, actuatorV2, 'application/json', 'application/hal+json'];

/** Ranges after these in a header count as not sent. */
const mostRanges = 50;

interface Range {
  type: string;
  quality: number;
}

/** The offered type that an `Accept` header likes best, the earlier one where it likes several; undefined when it takes none. */
export function acceptable(accept: string | undefined, types: readonly string[] = offered): string | undefined {
  if (!accept?.trim()) return types[0];
  const ranges = accept.split(',', mostRanges).map(rangeOf);
  const rated = types.map((type) => ({ type, quality: qualityOf(type, ranges) })).filter(({ quality }) => quality > 0);
  return rated.toSorted((a, b) => b.quality - a.quality)[0]?.type;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
}

/** That of the most specific range that matches. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const essence = type.split(';')[0]?.trim() ?? '';
  const major = essence.split('/')[0];
  const find = (name: string): Range | undefined => ranges.find((range) => range.type === name);
  const suffix = essence.split('+')[1];
  return (find(essence) ?? find(`${major}/*+${suffix}`) ?? find(`${major}/*`) ?? find('*/*'))?.quality ?? 0;
}
