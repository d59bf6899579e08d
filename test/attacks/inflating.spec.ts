import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { decompress } from 'lz4js';
import { uncompress } from 'snappyjs';
import { compressed, type Content } from './inflating';

const content = (bytes: number): Content => ({
  head: Buffer.from('the head, which is longer than the sixty bytes of a small literal of snappy'),
  fill: { byte: 0x78, bytes },
  tail: Buffer.from('the tail'),
});

const whole = ({ head, fill, tail }: Content) => Buffer.concat([head, Buffer.alloc(fill.bytes, fill.byte), tail]);

function unsnappy(buffer: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 16; at < buffer.length;) {
    const length = buffer.readUInt32BE(at);
    blocks.push(Buffer.from(uncompress(buffer.subarray(at + 4, at + 4 + length))));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}

const inflate = {
  gzip: (buffer: Buffer) => gunzipSync(buffer),
  zstd: (buffer: Buffer) => zstdDecompressSync(buffer),
  lz4: (buffer: Buffer) => Buffer.from(decompress(buffer)),
  snappy: unsnappy,
};

describe.each(['gzip', 'zstd', 'lz4', 'snappy'] as const)('%s', (codec) => {
  it.each([1, 63, 64, 65, 1_000, 5 * 1_024 * 1_024 + 17])(
    'inflates to its head, %i bytes and its tail',
    async (bytes) => {
      const buffer = await compressed(codec, content(bytes));
      expect(inflate[codec](buffer).equals(whole(content(bytes)))).toBe(true);
    },
  );

  it('is small beside what it inflates to', async () => {
    const buffer = await compressed(codec, content(20_000_000));
    expect(buffer.length).toBeLessThan(1_000_000);
  });
});
