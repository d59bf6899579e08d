/** What a body may have, in bytes. */
export const bodyBytes = 256 * 1024;

/** A piece of JSON text, and what is bad about it. */
export interface HostileText {
  readonly name: string;
  readonly text: string;
}

/** JSON texts of up to so many bytes that cost whoever walks, copies, compares or repeats them. */
export function hostileValues(bytes: number): HostileText[] {
  const repeated = (unit: string) => unit.repeat(Math.floor(bytes / unit.length));
  const list = (unit: string) => `[${repeated(`${unit},`)}${unit}]`;
  const half = Math.floor(bytes / 2);
  return [
    { name: 'empty objects', text: list('{}') },
    { name: 'empty lists', text: list('[]') },
    { name: 'nulls', text: list('null') },
    { name: 'numbers', text: list('1') },
    { name: 'texts', text: list('""') },
    { name: 'a long text', text: `"${repeated('x')}"` },
    { name: 'a text of wide characters', text: `"${repeated('\\u0000')}"` },
    { name: 'a text of pairs', text: `"${repeated('\\ud83d\\ude00')}"` },
    { name: 'a text of halves', text: `"${repeated('\\ud83d')}"` },
    { name: 'a text of quotes', text: `"${repeated('\\"')}"` },
    { name: 'many digits', text: `1${repeated('0')}` },
    { name: 'many decimals', text: `0.${repeated('9')}` },
    { name: 'a large exponent', text: '1e99999' },
    { name: 'deep lists', text: `${'['.repeat(half)}${']'.repeat(half)}` },
    { name: 'lists of 499 levels', text: list(`${'['.repeat(490)}${']'.repeat(490)}`) },
    { name: 'deep objects', text: `${'{"a":'.repeat(Math.floor(bytes / 6))}1${'}'.repeat(Math.floor(bytes / 6))}` },
    { name: 'many members', text: object(bytes, (index) => `k${index.toString(36)}`) },
    { name: 'many members with numbers for names', text: object(bytes, String) },
    { name: 'one member again and again', text: object(bytes, () => 'a') },
    { name: 'a long name', text: `{"${repeated('n')}":1}` },
    { name: 'a prototype', text: `{"__proto__":{"toString":1},"a":${list('{}')}}` },
    { name: 'suspicious names', text: list('{"constructor":{"prototypes":{}}}') },
  ];
}

function object(bytes: number, nameOf: (index: number) => string): string {
  const members: string[] = [];
  let length = 2;
  for (let index = 0; ; index++) {
    const member = `"${nameOf(index)}":1`;
    length += member.length + 1;
    if (length > bytes) return `{${members.join(',')}}`;
    members.push(member);
  }
}
