import { cut, loggable, maxLineBytes, withoutSecrets } from './log-line';

const line = (fields: object) => `${JSON.stringify({ level: 50, time: 1_700_000_000_000, ...fields })}\n`;

describe('a line of the log', () => {
  it('is written as it is where it is short', () => {
    const short = line({ msg: 'done', orders: [1, 2] });
    expect(loggable(short)).toBe(short);
  });

  it.each([
    ['a text', 'a'.repeat(300_000)],
    ['control characters', '\u0000'.repeat(300_000)],
    ['characters of three bytes', '字'.repeat(300_000)],
    ['characters of two units', '🦔'.repeat(300_000)],
    ['just too much', 'a'.repeat(maxLineBytes)],
  ])('has at most 16 KiB of %s, says so, and is still JSON', (_, text) => {
    const err = { type: 'TypeError', message: text, code: text, stack: text, cause: text };
    const given = line({ name: 'orders', context: text, msg: `the type ${text}`, err, documents: [text] });
    const shown = loggable(given);
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(maxLineBytes);
    expect(shown.endsWith('}\n')).toBe(true);
    expect(JSON.parse(shown)).toEqual({
      level: 50,
      time: 1_700_000_000_000,
      name: 'orders',
      context: expect.stringMatching(/ characters\)$/),
      msg: expect.stringMatching(/^the type .*… \(\d+ characters\)$/su),
      err: {
        type: 'TypeError',
        message: expect.stringMatching(/ characters\)$/),
        code: expect.any(String),
        stack: expect.any(String),
      },
      cutBytes: Buffer.byteLength(given),
    });
  });

  it('is cut where its fields are many, too', () => {
    const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, index]));
    expect(JSON.parse(loggable(line({ msg: 'x', ...fields })))).toMatchObject({
      msg: 'x',
      cutBytes: expect.any(Number),
    });
  });

  it('is masked before it is cut: no part of a number is left at the edge', () => {
    for (let length = 6_110; length < 6_150; length++) {
      const shown = loggable(line({ msg: `${'x'.repeat(length)}4111111111111111${'y'.repeat(20_000)}` }));
      expect(shown).not.toMatch(/41111/);
    }
  });

  it('has no password of a URI, quoted or not', () => {
    expect(withoutSecrets(line({ msg: 'at "mongodb://ann:s3:c/r@t@db/x" now, mail a@b' }))).toContain(
      'at \\"mongodb://ann:****@db/x\\" now, mail a@b',
    );
    expect(withoutSecrets(line({ msg: 'mongodb://u:pa\\ss@h\nnext' }))).toContain('mongodb://u:****@h\\nnext');
    expect(withoutSecrets(line({ msg: 'http://h:80/a?b@c' }))).toContain('http://h:80/a?b@c');
  });

  it.each(['a', '://', ':', 'a://b:', '\\', '"', ' ', '\n'])(
    'is masked in no time where a million characters are %j',
    (part) => {
      const text = part.repeat(1_000_000 / part.length);
      expect(withoutSecrets(line({ msg: `${text}://` }))).toBe(line({ msg: `${text}://` }));
    },
  );
});

describe('a text that is cut', () => {
  it('is left alone where it fits, and ends with no half of a character', () => {
    expect(cut('abc', 5)).toBe('abc');
    expect(cut('ab🦔🦔🦔', 9).isWellFormed()).toBe(true);
    expect(cut('a'.repeat(20), 12)).toMatch(/^a{1,10}… \(20 characters\)$/);
  });
});
