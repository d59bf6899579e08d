import { withoutCardNumbers } from './card-numbers-in-text';

const shown = (text: string) => JSON.parse(withoutCardNumbers(JSON.stringify(text))) as unknown;

describe('a card number in a text', () => {
  it.each([
    ['4111111111111111', '1111'],
    ['4222222222222', '2222'],
    ['378282246310005', '0005'],
    ['30569309025904', '5904'],
    ['6011000990139424', '9424'],
    ['4000000000000000006', '0006'],
    ['4111 1111 1111 1111', '1111'],
    ['4111-1111-1111-1111', '1111'],
    ['3782-822463-10005', '0005'],
    ['3782 822463 10005', '0005'],
    ['4000-0000-0000-0000-006', '0006'],
    ['1234-5678-9012-3456', '3456'],
    ['1234 6789 0000 0000', '0000'],
    ['4111%201111%201111%201111', '1111'],
    ['4111+1111+1111+1111', '1111'],
    ['4111\u20111111\u20111111\u20111111', '1111'],
    ['４１１１１１１１１１１１１１１１', '１１１１'],
    ['٤١١١ ١١١١ ١١١١ ١١١١', '١١١١'],
    ['\u{1d7d2}\u{1d7cf}'.repeat(8), '\u{1d7d2}\u{1d7cf}\u{1d7d2}\u{1d7cf}'],
  ])('%s is masked, wherever it stands', (number, last) => {
    const mask = `****-****-****-${last}`;
    expect(shown(number)).toBe(mask);
    expect(shown(`card ${number}, twice: ${number}`)).toBe(`card ${mask}, twice: ${mask}`);
    expect(shown(`\n${number}\tx`)).toBe(`\n${mask}\tx`);
    expect(shown(`\u0008${number}`)).toBe(`\u0008${mask}`);
    expect(shown(`VISA${number}"${number}\\`)).toBe(`VISA${mask}"${mask}\\`);
    expect(shown(`/cards?number=${number}&a=1`)).toBe(`/cards?number=${mask}&a=1`);
    expect(shown(JSON.stringify({ number }))).toBe(JSON.stringify({ number: mask }));
  });

  it('is masked although other digits stand beside it', () => {
    expect(shown('4111 1111 1111 1111 12/26 123')).toBe('****-****-****-1111 12/26 123');
    expect(shown('12 4111 1111 1111 1111')).toBe('12 ****-****-****-1111');
  });

  it('is masked as a JSON number too, which leaves valid JSON', () => {
    const line = withoutCardNumbers('{"a":4111111111111111,"b":[378282246310005],"c":"4111111111111111"}');
    expect(JSON.parse(line)).toEqual({
      a: '****-****-****-1111',
      b: ['****-****-****-0005'],
      c: '****-****-****-1111',
    });
  });

  it.each([
    '4111111111111112',
    '411111111111',
    '41111111111111111111111111',
    'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897',
    '41111111-1111-4111-8111-111111111111',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '68e44111111111111111abcd',
    'took 12.4111111111111111 ms',
    '2026-11-30T07:50:30.123Z',
    '+49 30 1234567-89',
    'orders.order.fulfill[2]:9007199254',
  ])('%s is none', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('is no time and no id of a log line, whatever its check digit', () => {
    const passing = (from: number, to: number, step: number) =>
      Array.from({ length: Math.floor((to - from) / step) }, (_, place) => from + place * step);
    const lines = [
      ...passing(1_700_000_000_000, 1_700_000_000_200, 1),
      ...passing(1_700_000_000_000_000, 1_700_000_000_000_200, 1),
    ].map((time) => `{"level":30,"time":${time},"msg":"since ${time}"}\n`);
    lines.push('{"time":1700000000000,"offset":"1700000000000000000","id":9007199254740991,"n":9007199254740993}\n');
    for (const line of lines) expect(withoutCardNumbers(line)).toBe(line);
  });

  // a quadratic expression takes minutes for each of these
  it.each(['4', '4 ', '4111 ', '4111-1111-', '4111111111111111 ', '"4', '\\', 'a', '%20', '0a', '-', '４'])(
    'is looked for in a million characters, all %j',
    (part) => {
      const text = part.repeat(1_000_000 / part.length);
      expect(withoutCardNumbers(`"${text}"`).length).toBeGreaterThan(0);
    },
  );
});
