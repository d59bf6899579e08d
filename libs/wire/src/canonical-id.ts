const hexadecimalId = /^(?:[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const hexadecimalLengths: readonly number[] = [24, 36];

/**
 * Returns the id in the spelling in which it is stored, published and answered: UUIDs (RFC 9562) and ids of 24 hexadecimal digits in
 * lower case, every other id as it is. Two spellings of one id name the same thing.
 */
export function canonicalId(id: string): string {
  return hexadecimalLengths.includes(id.length) && hexadecimalId.test(id) ? id.toLowerCase() : id;
}

/** Returns the URL with each segment of its path that is an id as `canonicalId` spells it. The query stays as it is. */
export function canonicalPath(url: string): string {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  if (!/[A-F]/.test(path)) return url;
  return path.split('/').map(canonicalId).join('/') + url.slice(path.length);
}
