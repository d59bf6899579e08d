/** Characters that a terminal obeys or does not show: controls, formats (such as those that turn the direction of text), line ends. */
const hidden = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const escape = /\\(?:(\\)|x([\da-f]{2})|u\{([\da-f]{1,6})\}|u([\da-f]{4}))/giu;
const MAX_CODE_POINT = 0x10ffff;

/** A lane's id as the commands print it: `\x1b` and `\u{202e}` for characters that a terminal does not show, `\\` for a backslash. */
export function laneName(id: string): string {
  return id.replace(hidden, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\\') return '\\\\';
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The id of the lane that is named so, as printed or as in JSON (`\u001b`); a backslash that begins no escape stands for itself. */
export function laneNamed(name: string): string {
  return name.replace(escape, (text: string, ...groups: unknown[]) => {
    const [backslash, ...codes] = groups.slice(0, 4) as (string | undefined)[];
    if (backslash !== undefined) return '\\';
    const code = parseInt(codes.find((each) => each !== undefined) ?? '', 16);
    return code <= MAX_CODE_POINT ? String.fromCodePoint(code) : text;
  });
}
