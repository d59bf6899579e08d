/** Most lines have none: a tenth of the time. */
const mention = /passw|passphrase|pwd|secret|api[-_]?key|[a-z][-_]?token|authorization|basic|bearer/i;

/**
 * A name, and what stands between it and its value: in a JSON object of the line, where only a text is taken, or in a text of the
 * line, whose own quotes are escaped.
 */
const named =
  /(password|passwd|passphrase|pwd|secret|api[-_]?key|(?:access|refresh|id|auth|session)[-_]?token|authorization)(?:" {0,4}: {0,4}"|(?:\\"|')? {0,4}(?:[=:]|%3[ad]) {0,4}(?:\\"|')?)/gi;
const scheme = /(basic|bearer) {1,4}/gi;
const mostSpaces = 4;
const longestScheme = 20;

/**
 * The line of JSON, still valid, with `****` in place of what a name tells to be a secret: `password=…`, `"api_key": "…"`,
 * `Authorization: Basic …`, also inside the texts that others wrote (types of events, reasons, messages). Takes time in
 * proportion to the length.
 */
export function withoutNamedSecrets(line: string): string {
  if (!mention.test(line)) return line;
  const shown = masked(line, named, (name, start) => {
    if (line[start - 1] === '"') return endOfQuoted(line, start, line[start - 2] === '\\');
    return name.toLowerCase() === 'authorization' ? endOfCredentials(line, start) : endOfWord(line, start);
  });
  return masked(shown, scheme, (kind, start) => {
    const end = endOfWord(shown, start);
    return isCredential(kind, shown.slice(start, end)) ? end : start;
  });
}

/** The line with `****` from behind each match to where `endOf` says; nothing is masked where that is the beginning. */
function masked(line: string, pattern: RegExp, endOf: (name: string, start: number) => number): string {
  let [shown, position] = ['', 0];
  for (const match of line.matchAll(pattern)) {
    const start = match.index + match[0].length;
    // a name inside what is masked already
    if (match.index < position) continue;
    const end = endOf(match[1] ?? '', start);
    if (end === start) continue;
    shown += `${line.slice(position, start)}****`;
    position = end;
  }
  return shown + line.slice(position);
}

/** Where a text ends that began with a quote, or with an escaped one inside a text of the line. */
function endOfQuoted(line: string, start: number, isEscaped: boolean): number {
  let end = start;
  while (end < line.length && line[end] !== '"') {
    if (line[end] === '\\' && isEscaped && line[end + 1] === '"') break;
    end += line[end] === '\\' ? 2 : 1;
  }
  return Math.min(end, line.length);
}

/** Of a scheme and what follows it, or of one word. */
function endOfCredentials(line: string, start: number): number {
  const end = endOfWord(line, start);
  let next = end;
  while (line[next] === ' ' && next - end < mostSpaces) next++;
  const isScheme =
    end - start <= longestScheme && /^[a-z]{1,20}$/i.test(line.slice(start, end).slice(0, longestScheme + 1));
  return isScheme && next > end ? endOfWord(line, next) : end;
}

function endOfWord(line: string, start: number): number {
  let end = start;
  while (end < line.length && !/[\s"'\\&;,]/.test(line.charAt(end))) end++;
  return end;
}

/** Prose says `basic authentication` and `bearer of`. */
function isCredential(kind: string, token: string): boolean {
  if (token.length < 8) return false;
  if (kind.toLowerCase() === 'bearer') return /\d/.test(token);
  return Buffer.from(token, 'base64').includes(':');
}
