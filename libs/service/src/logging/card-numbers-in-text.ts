/**
 * Tokens of a line of JSON: quotes and escapes, UUIDs, and runs of digits. Between the digits of one run is nothing, or one blank,
 * dash or what URLs have instead of a blank. Each is tried once a place.
 */
const tokens =
  /"|\\(?:u[\da-f]{4}|.)|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|(?<digits>\p{Nd}(?:(?:%20|[ +\u00a0\u202f\u2010-\u2015-])?\p{Nd})*)/giu;
const candidate = /\p{Nd}(?:(?:%20|[ +\u00a0\u202f\u2010-\u2015-])?\p{Nd}){12}/u;
/** What every line begins with. */
const prefix = /^\{"level":\d{1,9},"time":\d{1,20},/;
const groups = /%20|\p{Nd}+/gu;
const shortestHexId = 16;
const longestHexId = 64;
const fewestDigits = 13;
const mostDigits = 19;
const mostGroups = 5;

/**
 * The line of JSON, still valid, with `****-****-****-0000` in place of every card number: 13 to 19 digits in a row or in groups
 * that single blanks or dashes separate, which have the check digit of ISO/IEC 7812 (Luhn), or the groups 4-4-4-4 whatever
 * their check digit. Left alone are numbers in a row that begin with 0 or 1, as times in milliseconds, microseconds and
 * nanoseconds do and no bank card does, fractions, UUIDs and other hexadecimal ids. Takes time in proportion to the length.
 */
export function withoutCardNumbers(line: string): string {
  // most lines have none: a tenth of the time
  if (!candidate.test(line.replace(prefix, ''))) return line;
  let isInText = false;
  let escapeEnd = 0;
  return line.replace(tokens, (token: string, ...rest: unknown[]) => {
    if (token === '"') isInText = !isInText;
    const position = rest.at(-3) as number;
    if (token.startsWith('\\')) escapeEnd = position + token.length;
    const { digits } = rest.at(-1) as { readonly digits?: string };
    if (digits === undefined || digits.length < fewestDigits) return token;
    const isOther = isFraction(line, position) || isInHexId(line, escapeEnd, [position, position + digits.length]);
    return isOther ? token : withoutCards(digits, isInText ? '' : '"');
  });
}

interface Group {
  readonly digits: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** One run of digits; `quote` stands around a mask where there was a JSON number. */
function withoutCards(run: string, quote: string): string {
  const found = [...run.matchAll(groups)]
    .filter(([text]) => text !== '%20')
    .map(({ 0: text, index }) => group(text, index));
  let shown = '';
  let position = 0;
  for (const { start, end } of cardsIn(found)) {
    shown += `${run.slice(position, start)}${quote}${masked(run.slice(start, end))}${quote}`;
    position = end;
  }
  return shown + run.slice(position);
}

function group(text: string, start: number): Group {
  // one with more is in no number: its digits are not looked at
  const digits = text.length > mostDigits * 2 ? Array.from({ length: mostDigits + 1 }, () => '') : Array.from(text);
  return { digits, start, end: start + text.length };
}

/** Where card numbers are; those that overlap are one, since nothing tells which of them is meant. */
function cardsIn(found: readonly Group[]): { start: number; end: number }[] {
  const cards: { start: number; end: number }[] = [];
  for (const [first, { start }] of found.entries()) {
    for (const { end } of cardsFrom(found, first)) {
      const last = cards.at(-1);
      if (last && start < last.end) last.end = Math.max(last.end, end);
      else cards.push({ start, end });
    }
  }
  return cards;
}

/** The last groups of the card numbers that begin with this group. */
function cardsFrom(found: readonly Group[], first: number): Group[] {
  const last: Group[] = [];
  let count = 0;
  for (let index = first; index < Math.min(found.length, first + mostGroups); index++) {
    const group = found[index];
    if (!group || !fits(group, index === first)) break;
    count += group.digits.length;
    if (count > mostDigits) break;
    if (count >= fewestDigits && isCard(found.slice(first, index + 1))) last.push(group);
  }
  return last;
}

/** Nobody prints a card number in groups of one or two digits; a group that stands alone has them all. */
function fits({ digits }: Group, isFirst: boolean): boolean {
  return digits.length >= (isFirst ? 4 : 3);
}

function isCard(given: readonly Group[]): boolean {
  if (given.length === 4 && given.every(({ digits }) => digits.length === 4)) return true;
  const digits = given.flatMap((group) => group.digits);
  // no id or time of ours is written in these: not worth knowing the value of every digit of Unicode
  if (digits.some((digit) => !/[0-9]/.test(digit))) return true;
  return (given.length > 1 || !/[01]/.test(digits[0] ?? '')) && hasCheckDigit(digits);
}

/** Luhn's formula: every second digit from the right, doubled, and all of them summed up. */
function hasCheckDigit(digits: readonly string[]): boolean {
  const sum = digits.toReversed().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isFraction(line: string, position: number): boolean {
  return /^\d\.$/.test(line.slice(Math.max(0, position - 2), position));
}

/** Trace ids, object ids and digests: words of 16 to 64 hexadecimal digits with letters among them. `from`: an escape ends there. */
function isInHexId(line: string, from: number, [start, end]: readonly [number, number]): boolean {
  let [first, last] = [start, end];
  while (first > from && end - first <= longestHexId && isHex(line[first - 1])) first--;
  while (last - start <= longestHexId && isHex(line[last])) last++;
  const isWord = (first === from || !isOfWord(line[first - 1])) && !isOfWord(line[last]);
  const length = last - first;
  return isWord && length > end - start && length >= shortestHexId && length <= longestHexId;
}

function isHex(character: string | undefined): boolean {
  return character !== undefined && /[\da-f]/i.test(character);
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{Nd}]/u.test(character);
}

function masked(number: string): string {
  return `****-****-****-${(number.match(/\p{Nd}/gu) ?? []).slice(-4).join('')}`;
}
