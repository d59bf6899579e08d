/** Where in a text the user information of a URI stands: `user:password`, the password alone, or a user alone. */
export interface UriCredential {
  readonly kind: 'password' | 'user';
  /** Position of its first character in the text. */
  readonly start: number;
  /** Position behind its last character: that of the `@`. */
  readonly end: number;
}

const portBeforePath = /^\d{1,5}(?:[/?#,]|$)/;
const longestPort = 6;

/**
 * Finds the credentials of the URIs in one word, which is a text without white space. A password may contain `/`, `:` and `@`
 * although it should be percent-encoded: it ends at the last `@` of the word. Takes time in proportion to the length of the word.
 */
export function uriCredentials(word: string): UriCredential[] {
  const at = word.lastIndexOf('@');
  const found: UriCredential[] = [];
  let scheme = at < 0 ? -1 : word.indexOf('://');
  while (scheme >= 0 && scheme < at) {
    const start = scheme + 3;
    const end = start + word.slice(start).search(/[:/@?#]/);
    if (word[end] === '@') found.push({ kind: 'user', start, end });
    if (word[end] === ':' && !portBeforePath.test(word.slice(end + 1, end + 1 + longestPort))) {
      return end + 1 < at ? [...found, { kind: 'password', start: end + 1, end: at }] : found;
    }
    scheme = word.indexOf('://', end);
  }
  return found;
}

/** The word with `mask` in place of each credential of a kind that `kinds` names. */
export function withoutUriCredentials(word: string, mask: string, kinds: readonly UriCredential['kind'][]): string {
  let shown = '';
  let position = 0;
  for (const { kind, start, end } of uriCredentials(word)) {
    if (!kinds.includes(kind)) continue;
    shown += word.slice(position, start) + mask;
    position = end;
  }
  return shown + word.slice(position);
}
