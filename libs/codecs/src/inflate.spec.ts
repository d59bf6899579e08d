import { zstdCompressSync } from 'node:zlib';
import { compress, type CodecName, CODECS, random } from '../testing/batches';
import { Malformed } from './cursor';
import { inflate } from './inflate';
import { TooLarge } from './too-large';

const CODEC_NAMES = Object.keys(CODECS).slice(1) as Exclude<CodecName, 'none'>[];
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

/** Text with repetitions near and far, short and long. */
function anyBytes(next: (below: number) => number): Buffer {
  const parts = Array.from({ length: next(60) }, () => 'abcdefgh'.slice(0, next(9)).repeat(next(80)));
  return Buffer.concat([Buffer.from(parts.join('')), Buffer.from(Array.from({ length: next(200) }, () => next(256)))]);
}

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe.each(CODEC_NAMES)('%s', (codec) => {
  const open = (bytes: Buffer, maxBytes = 1_000_000) => inflate(bytes, CODECS[codec], maxBytes);

  it('gives back what was compressed', () => {
    const next = random(3);
    for (let round = 0; round < 200; round++) {
      const bytes = anyBytes(next);
      expect(open(compress[codec](bytes)).equals(bytes)).toBe(true);
    }
  });

  it('inflates up to the bound and not beyond', () => {
    const compressed = compress[codec](Buffer.alloc(100_000, 'abc'));
    expect(open(compressed, 100_000)).toHaveLength(100_000);
    expect(errorOf(() => open(compressed, 99_999))).toEqual(new TooLarge(99_999));
  });

  it('says of damaged bytes what they are, and gives back no more than the bound', () => {
    const whole = compress[codec](Buffer.from('some text, some text, and more of some text'.repeat(4)));
    const outcomes = [...whole.keys()].flatMap((at) =>
      [1, 0x80, 0xff].flatMap((flip) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        return [errorOf(() => open(damaged, 500)), errorOf(() => open(damaged.subarray(0, at), 500))];
      }),
    );
    const known = (outcome: unknown) => outcome instanceof Malformed || outcome instanceof TooLarge;
    expect(outcomes.filter((outcome) => !known(outcome) && (outcome as Buffer).length > 500)).toEqual([]);
    expect(outcomes.some(known)).toBe(true);
  });
});

describe('frames', () => {
  const both = (codec: 'gzip' | 'lz4' | 'zstd') => [
    compress[codec](Buffer.from('one ')),
    compress[codec](Buffer.from('two')),
  ];

  it.each(['gzip', 'lz4', 'zstd'] as const)('that follow each other are one content (%s)', (codec) => {
    expect(String(inflate(Buffer.concat(both(codec)), CODECS[codec], 7))).toBe('one two');
    expect(errorOf(() => inflate(Buffer.concat(both(codec)), CODECS[codec], 6))).toEqual(new TooLarge(6));
  });

  it.each(['lz4', 'zstd'] as const)('to be skipped are skipped (%s)', (codec) => {
    const [one = SKIPPABLE, two = SKIPPABLE] = both(codec);
    expect(String(inflate(Buffer.concat([SKIPPABLE, one, SKIPPABLE, two]), CODECS[codec], 100))).toBe('one two');
  });

  it('of zstd that say how large they are need not be opened to be refused', () => {
    const frame = zstdCompressSync(Buffer.alloc(50_000), { pledgedSrcSize: 50_000 });
    expect(errorOf(() => inflate(frame.subarray(0, 12), CODECS.zstd, 49_999))).toEqual(new TooLarge(49_999));
  });

  it('of lz4 that refer to bytes before their beginning are malformed', () => {
    const frame = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 4, 0, 0, 0, 0x10, 0x61, 9, 0, 0, 0, 0, 0]);
    expect(errorOf(() => inflate(frame, CODECS.lz4, 1_000))).toBeInstanceOf(Malformed);
  });

  it("of Java's snappy may be joined, and their blocks are within them", () => {
    const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    const block = compress.snappy(Buffer.from('block '));
    const sized = (bytes: number) => Buffer.from([0, 0, 0, bytes]);
    const stream = Buffer.concat([header, sized(block.length), block]);
    expect(String(inflate(Buffer.concat([stream, stream]), CODECS.snappy, 12))).toBe('block block ');
    expect(errorOf(() => inflate(Buffer.concat([stream, stream]), CODECS.snappy, 11))).toEqual(new TooLarge(11));
    const beyond = Buffer.concat([header, sized(block.length + 1), block]);
    expect(errorOf(() => inflate(beyond, CODECS.snappy, 100))).toBeInstanceOf(Malformed);
  });

  it('of a codec that is none are malformed', () => {
    expect(errorOf(() => inflate(Buffer.alloc(4), 6, 100))).toEqual(
      new Malformed('it is compressed with an unknown codec (6)'),
    );
  });
});
