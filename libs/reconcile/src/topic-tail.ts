import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { boundFetches, stopIdleTimers } from '@storefront/codecs';
import { EventHeaders } from '@storefront/contracts';
import { canonicalId, halfCharacterIn, withoutByteOrderMark } from '@storefront/wire';
import { type Consumer, type IHeaders, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { canonicalJson } from './canonical-json';
import { openTransaction } from './comparison';
import { type Contract, contractOf } from './links';
import type { Entry } from './service-client';

const READ_LIMIT_MS = 10 * 60_000;
/** A young cluster's group coordinator is not there yet, or still loading: kafkajs gives the consumer up for either. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;

/** The last record of every key of a topic that its readers take, as the owner would say it; those without a version are not ours to judge. */
export class TopicTail {
  private readonly kafka: Kafka;
  /** By partition: after their number was raised, a key has records in two. */
  private readonly last = new Map<number, Map<string, Entry>>();
  /** By partition, where reading goes on: a consumer that joins again begins at the beginning. */
  private readonly next = new Map<number, number>();

  /** By partition, where it ended for writers when it was read. */
  private readonly written = new Map<number, number>();
  /** Why the tail is not all that is on the topic: records that were there at the read before cannot be read yet. */
  heldBack: string | undefined;

  constructor(
    config: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>,
    private readonly topic: string,
    private readonly contract: Contract | undefined = contractOf(topic),
  ) {
    boundFetches();
    stopIdleTimers();
    this.kafka = new Kafka({ ...config, clientId: 'storefront-reconcile', logLevel: logLevel.NOTHING });
  }

  /** By key; of several partitions the highest version counts, because that is where a reader ends. */
  get entries(): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const [id, entry] of [...this.last.values()].flatMap((partition) => [...partition])) {
      if ((entries.get(id)?.version ?? 0) < entry.version) entries.set(id, entry);
    }
    return entries;
  }

  /** Reads the topic from its beginning to where it ends now. */
  async read(): Promise<void> {
    this.last.clear();
    this.next.clear();
    const admin = this.kafka.admin();
    await admin.connect();
    const groupId = `storefront-reconcile-${randomUUID()}`;
    try {
      const ends = await admin.fetchTopicOffsets(this.topic);
      const held = ends.find(({ partition, high }) => Number(high) < (this.written.get(partition) ?? 0));
      this.heldBack = held && openTransaction(`${this.topic}[${held.partition}]`, held.high);
      const open = new Map(ends.filter(({ low, high }) => low !== high).map((at) => [at.partition, Number(at.high)]));
      for (let attempt = 1; open.size > 0; attempt++) {
        const failure = await this.readTo(open, groupId).catch((error: Error) => error);
        if (failure && attempt === MAX_ATTEMPTS) throw failure;
        if (failure) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    } finally {
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    }
  }

  private async readTo(open: Map<number, number>, groupId: string): Promise<void> {
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [this.topic], fromBeginning: true });
      await this.run(consumer, open);
    } finally {
      await consumer.disconnect();
    }
  }

  private async run(consumer: Consumer, open: Map<number, number>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const limit = setTimeout(() => reject(new Error(`${this.topic} could not be read in time`)), READ_LIMIT_MS);
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    // also told of what has no record for a consumer: the marker of a transaction, or one that was aborted
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset, highWatermark } }) => {
      this.written.set(partition, Number(highWatermark));
      if (Number(lastOffset) + 1 >= (open.get(partition) ?? 0)) open.delete(partition);
      if (open.size === 0) resolve();
    });
    const eachBatch = async ({ batch }: { batch: ReadBatch }) => {
      for (const message of batch.messages) this.note(batch.partition, message);
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    try {
      await promise;
    } finally {
      clearTimeout(limit);
    }
  }

  private note(partition: number, message: Message): void {
    if (Number(message.offset) < (this.next.get(partition) ?? 0)) return;
    this.next.set(partition, Number(message.offset) + 1);
    const last = this.last.get(partition) ?? new Map<string, Entry>();
    this.last.set(partition, last);
    const entry = this.entryOf(message);
    if (entry) last.set(entry.id, entry);
    // compaction keeps it, and nothing that its readers take
    else if (message.key) last.delete(canonicalId(String(message.key)));
  }

  /** undefined: it has no version, or its readers park it. */
  private entryOf({ key, value, headers = {} }: Message): Entry | undefined {
    const version = EventHeaders.shape.ce_aggregateversion.safeParse(firstOf(headers.ce_aggregateversion));
    if (!version.success) return undefined;
    const type = firstOf(headers.ce_type);
    if (type !== undefined && this.contract?.types.includes(type) === false) return undefined;
    const known = { id: canonicalId(String(key)), version: Number(version.data) };
    if (value === null) return key ? { ...known, hash: '', deleted: true } : undefined;
    const content = jsonOf(value);
    if (content === undefined || this.contract?.schema.safeParse(content).success === false) return undefined;
    const id = this.contract?.aggregateId(content) ?? known.id;
    return { ...known, id, hash: hashOf(content) };
  }
}

interface ReadBatch {
  readonly partition: number;
  readonly messages: Message[];
}

interface Message {
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders;
}

/** undefined: there is none, or it is no text. */
function firstOf(header: IHeaders[string]): string | undefined {
  const [first] = [header].flat();
  return first === undefined ? undefined : first.toString();
}

/** undefined: it is not JSON, or says null. */
function jsonOf(value: Buffer): unknown {
  try {
    const text = withoutByteOrderMark(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value));
    const json: unknown = JSON.parse(text);
    return halfCharacterIn(text, json) ? undefined : (json ?? undefined);
  } catch {
    return undefined;
  }
}

/** As the owner's digest has it: of the value without its id. */
function hashOf(value: unknown): string {
  const { id: _, ...content } = value as Record<string, unknown>;
  return createHash('sha256').update(canonicalJson(content)).digest('base64url');
}
