import { batchOf } from '../testing/batches';
import { account } from '../testing/reading';
import { decodeFetchResponse } from './fetch-response';
import { MAX_RESPONSE_BYTES } from './limits';
import { boundResponses } from './oversized-responses';
import { Overruns } from './overruns';

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const zero = (bytes: number) => Buffer.alloc(bytes);

/** A response of one topic `t` whose partitions have these records, at high watermark 1,000. */
function response(version: number, records: readonly Buffer[]): Buffer {
  const partitions = records.map((bytes, partition) =>
    Buffer.concat([
      int(partition),
      zero(2 + 6),
      Buffer.from([3, 0xe8]),
      zero(version >= 5 ? 16 : version >= 4 ? 8 : 0),
      version >= 4 ? int(-1) : zero(0),
      version >= 11 ? int(-1) : zero(0),
      int(bytes.length),
      bytes,
    ]),
  );
  const head = [version >= 1 ? int(5) : zero(0), version >= 7 ? zero(6) : zero(0)];
  return Buffer.concat([...head, int(1), Buffer.from([0, 1]), Buffer.from('t'), int(records.length), ...partitions]);
}

const MIB = 1024 * 1024;
const batch = (firstOffset: number) => batchOf([{ offsetDelta: 0 }, { offsetDelta: 1 }], { firstOffset });
const offsetOf = (_: string, partition: number) => partition * 10;

describe('a response to a fetch', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('is read in version %i', async (version) => {
    const bytes = response(version, [batch(0), Buffer.alloc(0), batch(20)]);
    const { responses, throttleTime, clientSideThrottleTime } = await decodeFetchResponse(bytes, { version, offsetOf });
    expect(responses).toMatchObject([
      {
        topicName: 't',
        partitions: [
          { partition: 0, errorCode: 0, highWatermark: '1000', abortedTransactions: [] },
          { partition: 1, messages: [] },
          { partition: 2 },
        ],
      },
    ]);
    expect(responses[0]?.partitions.map(({ messages }) => messages.map(({ offset }) => offset))).toEqual([
      ['0', '1'],
      [],
      ['20', '21'],
    ]);
    expect([throttleTime, clientSideThrottleTime]).toEqual(version >= 8 ? [0, 5] : [version === 0 ? 0 : 5, undefined]);
  });

  it('that is cut anywhere yields what was there before', async () => {
    const bytes = response(11, [batch(0), batch(10)]);
    for (let length = 14; length < bytes.length; length++) {
      const { responses } = await decodeFetchResponse(bytes.subarray(0, length), { version: 11, offsetOf });
      const offsets = responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
      expect(['', '0', '0,1', '0,1,10,11']).toContain(offsets.map(({ offset }) => offset).join());
    }
  });

  it('begins with another partition each time, so that none takes the whole budget from the others', async () => {
    const costly = batchOf(
      [
        { offsetDelta: 0, value: Buffer.alloc(3 * MIB) },
        { offsetDelta: 1, value: Buffer.alloc(3 * MIB) },
        { offsetDelta: 2, value: Buffer.alloc(3 * MIB) },
      ],
      { codec: 'gzip' },
    );
    const bytes = response(11, [costly, costly]);
    const served = new Set<number>();
    for (let fetches = 0; fetches < 2; fetches++) {
      const { responses } = await decodeFetchResponse(bytes, { version: 11, offsetOf: () => 0 });
      const partitions = responses[0]?.partitions.filter(({ messages }) => messages.length > 0) ?? [];
      expect(partitions).toHaveLength(1);
      for (const { partition } of partitions) served.add(partition);
    }
    expect(served).toEqual(new Set([0, 1]));
  });

  it('whose first batch is larger than any response gets past that batch by its header', async () => {
    const huge = batchOf([{ offsetDelta: 0, value: Buffer.alloc(500) }], { firstOffset: 3, lastOffsetDelta: 6 });
    huge.writeInt32BE(MAX_RESPONSE_BYTES, 8);
    const bytes = response(11, [huge]);
    bytes.writeInt32BE(MAX_RESPONSE_BYTES + 12, bytes.length - huge.length - 4);
    const { responses } = await decodeFetchResponse(bytes, { version: 11, offsetOf: () => 5 });
    const [partition] = responses[0]?.partitions ?? [];
    expect(account(partition?.messages ?? [], 5)).toEqual(['5-9 withheld']);
  });
});

describe('a connection', () => {
  function connection() {
    const answers: { size: number; correlationId: number; payload: Buffer }[] = [];
    class Plain {
      chunks: Buffer[] = [];
      bytesBuffered = 0;
      bytesNeeded = 4;
      authHandlers = null;
      socket = undefined;
      requestQueue = { fulfillRequest: (answer: (typeof answers)[number]) => answers.push(answer) };
      /** As kafkajs does it. */
      processData(bytes: Buffer): void {
        this.chunks.push(bytes);
        this.bytesBuffered += bytes.length;
        while (this.bytesNeeded <= this.bytesBuffered) {
          const buffer = Buffer.concat(this.chunks);
          const size = buffer.readInt32BE(0);
          this.chunks = [buffer];
          this.bytesNeeded = 4 + size;
          if (buffer.length < 4 + size) return;
          const payload = buffer.subarray(8, 4 + size);
          this.requestQueue.fulfillRequest({ size, correlationId: buffer.readInt32BE(4), payload });
          this.chunks = [buffer.subarray(4 + size)];
          this.bytesBuffered = buffer.length - 4 - size;
          this.bytesNeeded = 4;
        }
      }
    }
    boundResponses(Plain.prototype);
    return { made: new Plain(), answers };
  }

  it('reads a response above 32 MiB to its end, keeps its beginning, and goes on with the next', () => {
    const { made, answers } = connection();
    const size = MAX_RESPONSE_BYTES + 1_000;
    const small = Buffer.concat([int(6), int(8), Buffer.from('ok')]);
    const large = Buffer.concat([int(size), int(7), Buffer.alloc(size - 4, 'x')]);
    const stream = Buffer.concat([large, small]);
    let buffered = 0;
    for (let at = 0; at < stream.length; at += 60_000) {
      made.processData(stream.subarray(at, at + 60_000));
      buffered = Math.max(buffered, made.bytesBuffered);
    }
    expect(answers.map(({ correlationId, size: of, payload }) => [correlationId, of, payload.length])).toEqual([
      [7, size, 256 * 1024 - 4],
      [8, 6, 2],
    ]);
    expect(buffered).toBeLessThanOrEqual(60_000);
  });

  it('needs no more than one byte at a time', () => {
    const { made, answers } = connection();
    for (const byte of Buffer.concat([int(6), int(8), Buffer.from('ok')])) made.processData(Buffer.from([byte]));
    expect(answers.map(({ payload }) => String(payload))).toEqual(['ok']);
    expect(made.chunks).toEqual([]);
  });
});

describe('a batch that took too long', () => {
  it('is told once when it comes again from the same place', () => {
    const overruns = new Overruns(100);
    overruns.took('t:0:1', 100);
    overruns.took('t:0:2', 101);
    expect(['t:0:1', 't:0:2', 't:0:2'].map((place) => overruns.has(place))).toEqual([false, true, true]);
  });

  it('is forgotten when a thousand others did too', () => {
    const overruns = new Overruns(100);
    for (let offset = 0; offset <= 1_000; offset++) overruns.took(`t:0:${offset}`, 200);
    expect(['t:0:0', 't:0:1'].map((place) => overruns.has(place))).toEqual([false, true]);
  });
});
