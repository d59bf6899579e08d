import { setImmediate } from 'node:timers/promises';
import { BegunBatches } from './begun-batches';
import { Cursor, Malformed } from './cursor';
import { FetchBudget } from './fetch-budget';
import type { FetchedRecord } from './fetched-record';
import { Overruns } from './overruns';
import { type AbortedTransaction, PartitionReader } from './partition-reader';

/** Decoding for longer than this lets others have a turn before the next partition, in ms. */
const TURN_MS = 10;
const memory = { overruns: new Overruns(), begun: new BegunBatches() };

/** The offset that was asked for of a partition. */
export type OffsetOf = (topic: string, partition: number) => number;

export interface FetchFormat {
  /** Version of the fetch API that the response is written in, 0 to 11. */
  readonly version: number;
  readonly offsetOf: OffsetOf;
}

interface PartitionData {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  /** Empty: what it tells was applied by the decoder. */
  readonly abortedTransactions: readonly [];
  readonly preferredReadReplica: number;
  messages: FetchedRecord[];
}

interface TopicData {
  readonly topicName: string;
  readonly partitions: PartitionData[];
}

/** A response as kafkajs' own decoder gives it. */
export interface FetchResponse {
  readonly throttleTime: number;
  readonly clientSideThrottleTime?: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: TopicData[];
}

/**
 * Decodes a broker's response to a fetch, in bounded time and memory. What is wrong with a record or batch is told as its fault
 * (`FetchedRecord.withheld`). A response that is cut yields what was there before the cut.
 */
export async function decodeFetchResponse(bytes: Buffer, { version, offsetOf }: FetchFormat): Promise<FetchResponse> {
  const cursor = new Cursor(bytes);
  const throttleTimeMs = version >= 1 ? cursor.int32() : 0;
  const errorCode = version >= 7 ? cursor.int16() : 0;
  const sessionId = version >= 7 ? cursor.int32() : 0;
  const responses: TopicData[] = [];
  const reading: Reading = { cursor, version, offsetOf, budget: new FetchBudget(), turnStarted: performance.now() };
  const readers: (() => void)[] = [];
  try {
    for (let topics = cursor.int32(); topics > 0; topics--) {
      const topic: TopicData = { topicName: cursor.take(cursor.int16()).toString(), partitions: [] };
      responses.push(topic);
      for (let partitions = cursor.int32(); partitions > 0; partitions--) readers.push(frame(topic, reading));
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  await readInTurns(readers, reading);
  // since version 8 the broker leaves waiting to the client
  const throttling =
    version >= 8 ? { throttleTime: 0, clientSideThrottleTime: throttleTimeMs } : { throttleTime: throttleTimeMs };
  return { ...throttling, errorCode, sessionId, responses };
}

interface Reading extends FetchFormat {
  readonly cursor: Cursor;
  readonly budget: FetchBudget;
  turnStarted: number;
}

/** Finds what the response has of a partition; what is returned decodes its records. */
function frame({ topicName, partitions }: TopicData, reading: Reading): () => void {
  const { cursor, version, budget } = reading;
  const [partition, errorCode, highWatermark] = [cursor.int32(), cursor.int16(), cursor.int64()];
  if (version >= 4) cursor.advance(8); // last stable offset
  if (version >= 5) cursor.advance(8); // first offset of the log
  const aborted = version >= 4 ? readAborted(cursor) : [];
  const preferredReadReplica = version >= 11 ? cursor.int32() : -1;
  const size = cursor.int32();
  const bytes = cursor.take(Math.max(0, Math.min(size, cursor.left)));
  const fetched = {
    topic: topicName,
    partition,
    fetchOffset: reading.offsetOf(topicName, partition),
    highWatermark: Number(highWatermark),
    aborted,
    bytes,
  };
  const data: PartitionData = {
    partition,
    errorCode,
    highWatermark: String(highWatermark),
    abortedTransactions: [],
    preferredReadReplica,
    messages: [],
  };
  partitions.push(data);
  return () => {
    if (bytes.length > 0) data.messages = new PartitionReader(fetched, budget, memory).read();
  };
}

let firstReader = 0;

/** Each response begins with another partition, so that one with costly batches never takes the whole budget from the others. */
async function readInTurns(readers: readonly (() => void)[], reading: Reading): Promise<void> {
  firstReader++;
  for (let index = 0; index < readers.length; index++) {
    readers[(firstReader + index) % readers.length]?.();
    if (performance.now() - reading.turnStarted < TURN_MS) continue;
    await setImmediate();
    reading.turnStarted = performance.now();
  }
}

function readAborted(cursor: Cursor): AbortedTransaction[] {
  const aborted: AbortedTransaction[] = [];
  for (let count = cursor.int32(); count > 0; count--) {
    aborted.push({ producerId: cursor.int64(), firstOffset: Number(cursor.int64()) });
  }
  return aborted;
}
