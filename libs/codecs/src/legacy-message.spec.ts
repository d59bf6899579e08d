import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';
import { batchOf, type CodecName, CODECS, compress } from '../testing/batches';
import { account, read } from '../testing/reading';

interface TestMessage {
  readonly offset: number;
  readonly magic: 0 | 1;
  readonly key?: Buffer | null;
  readonly value: Buffer | null;
  readonly codec?: CodecName;
}

function sized(bytes: Buffer | null): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes?.length ?? -1);
  return bytes ? Buffer.concat([size, bytes]) : size;
}

function messageOf({ offset, magic, key = null, value, codec = 'none' }: TestMessage): Buffer {
  const time = Buffer.alloc(magic === 1 ? 8 : 0);
  if (magic === 1) time.writeBigInt64BE(1_000n);
  const checked = Buffer.concat([Buffer.from([magic, CODECS[codec]]), time, sized(key), sized(value)]);
  const head = Buffer.alloc(16);
  head.writeBigInt64BE(BigInt(offset));
  head.writeInt32BE(checked.length + 4, 8);
  head.writeUInt32BE(crc32(checked), 12);
  return Buffer.concat([head, checked]);
}

describe('messages of Kafka before 0.11', () => {
  const texts = [Buffer.from('a'), null, Buffer.from('c')];
  const load = createRequire(require.resolve('kafkajs'));
  const Decoder = load('./src/protocol/decoder') as new (bytes: Buffer) => unknown;
  const readSet = load('./src/protocol/messageSet/decoder') as (from: unknown, size: number) => Promise<KafkaJs[]>;
  type KafkaJs = Record<'offset' | 'key' | 'value', unknown>;
  const seen = ({ offset, key, value }: KafkaJs) => ({ offset, key, value });

  it.each([0, 1] as const)("are read as kafkajs' own decoder reads them (magic %i)", async (magic) => {
    const plain = texts.map((value, index) => messageOf({ offset: 5 + index, magic, key: Buffer.from('k'), value }));
    const inner = texts.map((value, index) => messageOf({ offset: magic === 1 ? index : 8 + index, magic, value }));
    const value = compress.gzip(Buffer.concat(inner));
    const bytes = Buffer.concat([...plain, messageOf({ offset: 10, magic, value, codec: 'gzip' })]);
    const wanted = await readSet(new Decoder(bytes), bytes.length);
    const found = read(bytes, { fetchOffset: 5 });
    expect(found.map((record) => seen(record as unknown as KafkaJs))).toEqual(wanted.map(seen));
    expect(account(read(bytes, { fetchOffset: 9 }), 9)).toEqual(['9', '10']);
  });

  it('may stand before batches of today', () => {
    const bytes = Buffer.concat([
      messageOf({ offset: 0, magic: 1, value: null }),
      batchOf([{ offsetDelta: 0 }], { firstOffset: 1 }),
    ]);
    expect(account(read(bytes))).toEqual(['0', '1']);
  });

  it('are withheld where they inflate without bound, are damaged or compressed twice', () => {
    const behind = messageOf({ offset: 9, magic: 1, value: Buffer.from('behind') });
    const large = messageOf({ offset: 0, magic: 1, value: Buffer.alloc(20 * 1024 * 1024) });
    const twice = messageOf({ offset: 0, magic: 1, value: compress.gzip(large), codec: 'gzip' });
    const damaged = messageOf({ offset: 8, magic: 1, value: Buffer.from('x') });
    damaged[20] = 7;
    const bad = [
      messageOf({ offset: 8, magic: 1, value: compress.gzip(large), codec: 'gzip' }),
      messageOf({ offset: 8, magic: 1, value: compress.gzip(twice), codec: 'gzip' }),
      messageOf({ offset: 8, magic: 1, value: null, codec: 'gzip' }),
      damaged,
    ];
    for (const bytes of bad) {
      // what is larger than it may be leaves no budget for what is behind it
      const [first] = account(read(Buffer.concat([bytes, behind]), { fetchOffset: 5 }), 5);
      expect(first).toBe('5-8 withheld');
    }
    expect(account(read(large))).toEqual(['0 withheld']);
  });
});
