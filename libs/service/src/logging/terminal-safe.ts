/** Escapes of control characters in JSON; other escapes are matched too, so that a backslash before an `n` is no line break. */
const escapes = /\\(?:n(?=    (?:at|caused by) )|u00[01][\da-f]|.)/gi;
/** What JSON writes as it is: the other control characters, line separators, and what turns the direction of writing. */
const others = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const frameBreak = '\\n';

/**
 * A line of JSON whose texts have no control character left, so that a terminal that shows them obeys nothing and begins no line of its
 * own: `\n` and `\u001b` stand there as they would in JSON. The line breaks before the frames of a stack remain.
 */
export function terminalSafe(line: string): string {
  return line
    .replace(escapes, (escape, offset: number) => {
      if (/^\\["\\/]$/.test(escape)) return escape;
      const isFrame = escape === frameBreak && /^    (?:at|caused by) /.test(line.slice(offset + 2, offset + 18));
      return isFrame ? escape : `\\${escape}`;
    })
    .replace(others, (character) => `\\\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
