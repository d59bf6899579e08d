import { metadataRequest, readMetadata } from './topic-ids';

const id = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const text = (value: string) => [value.length + 1, ...Buffer.from(value)];
const int32 = (value: number) => [0, 0, 0, value];
const broker = [...int32(1), ...text('localhost'), 0, 0, 0x23, 0x84, 0, 0];
const partition = [0, 0, ...int32(0), ...int32(1), ...int32(7), 2, ...int32(1), 2, ...int32(1), 1, 0];
const topic = (name: string, uuid: Buffer) => [0, 0, ...text(name), ...uuid, 0, 2, ...partition, ...int32(0), 0];

function answer(...topics: number[][]): Buffer {
  const head = [0, ...int32(0), 2, ...broker, ...text('cluster-1'), ...int32(1)];
  return Buffer.from([...head, topics.length + 1, ...topics.flat(), ...int32(0), 0]);
}

describe('Metadata, version 10', () => {
  it('asks for topics by their names', () => {
    const expected = [0, 2, ...Buffer.alloc(16), ...text('orders'), 0, 0, 0, 0, 0];
    expect([...metadataRequest(['orders'])]).toEqual(expected);
  });

  it('tells the ids of the cluster and of topics, and none of a topic that does not exist', () => {
    const read = readMetadata(answer(topic('a', id), topic('b', Buffer.alloc(16))));
    expect(read).toEqual({ clusterId: 'cluster-1', ids: new Map([['a', '00112233445566778899aabbccddeeff']]) });
  });

  it('passes fields that came later', () => {
    const tagged = answer(topic('a', id));
    const withTag = Buffer.concat([Buffer.of(1, 9, 3, 7, 7, 7), tagged.subarray(1)]);
    expect(readMetadata(withTag).ids.get('a')).toBe(id.toString('hex'));
  });

  it('throws at an answer that is cut off, wherever, and at one that claims more than it has', () => {
    const whole = answer(topic('a', id));
    // the last field of all is not read
    for (let end = 0; end < whole.length - 5; end++)
      expect(() => readMetadata(whole.subarray(0, end))).toThrow(RangeError);
    expect(() => readMetadata(Buffer.of(0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f))).toThrow(RangeError);
  });
});
