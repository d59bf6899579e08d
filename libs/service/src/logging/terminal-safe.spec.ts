import { terminalSafe } from './terminal-safe';

const shown = (text: string) => (JSON.parse(terminalSafe(JSON.stringify({ msg: text }))) as { msg: string }).msg;

describe('a text on a terminal', () => {
  it.each([
    ['plain "text" \\ with a \\n in it', 'plain "text" \\ with a \\n in it'],
    ['one\ntwo', 'one\\ntwo'],
    ['one\r\n[07:50:30] INFO: forged', 'one\\r\\n[07:50:30] INFO: forged'],
    ['\u001b[2J\u0007\u009b31m\u007f', '\\u001b[2J\\u0007\\u009b31m\\u007f'],
    ['\u2028\u202eabc\u2066', '\\u2028\\u202eabc\\u2066'],
    ['tab\there', 'tab\\there'],
    ['Error: x\n    at f (a.ts:1:1)\n    caused by Error: y', 'Error: x\n    at f (a.ts:1:1)\n    caused by Error: y'],
  ])('%j is shown as %j', (text, safe) => {
    expect(shown(text)).toBe(safe);
  });
});
