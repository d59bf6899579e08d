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
import { TailTable } from './tail-table';

const READ_LIMIT_MS = 10 * 60_000;
/** A young cluster's group coordinator is not there yet, or still loading: kafkajs gives the consumer up for either. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
/** In tables of about 105 MB, and 160 MB while one grows; with several partitions up to 72 bytes a key, 145 MB. */
const MAX_KEYS = 2_000_000;

/**
 * The last record of every key of a topic that its readers take, as the owner would say it; those without a version are not ours to judge. It
 * keeps at most 2 million keys unless told otherwise.
 */
export class TopicTail {
  private readonly kafka: Kafka;
  /** By partition: after their number was raised, a key has records in two. */
  private readonly last = new Map<number, TailTable>();
  /** By partition, where reading goes on: a consumer that joins again begins at the beginning. */
  private readonly next = new Map<number, number>();

  /** By partition, where it ended for writers when it was read. */
  private readonly written = new Map<number, number>();
  /** Why the tail is not all that is on the topic: records that were there at the read before cannot be read yet. */
  heldBack: string | undefined;

  private readonly maxKeys: number;
  private readonly contract: Contract | undefined;

  constructor(
    config: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>,
    private readonly topic: string,
    { maxKeys = MAX_KEYS, contract = contractOf(topic) }: { maxKeys?: number; contract?: Contract } = {},
  ) {
    this.maxKeys = maxKeys;
    this.contract = contract;
    boundFetches();
    stopIdleTimers();
    this.kafka = new Kafka({ ...config, clientId: 'storefront-reconcile', logLevel: logLevel.NOTHING });
  }

  /** How many keys the topic had when it was read. */
  get keys(): number {
    return [...this.last.values()].reduce((sum, { keys }) => sum + keys, 0);
  }

  /** Bytes that they take in memory, outside the JavaScript heap. */
  get bytes(): number {
    return [...this.last.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * What the last record of a key says; of several partitions the highest version counts, because that is where a reader ends. Of its hash
   * only the first 64 bits are known: it is `hash` in full where it begins like it. The key counts as seen from now on.
   */
  see(id: string, hash?: string): Entry | undefined {
    let highest: Omit<Entry, 'id'> | undefined;
    for (const table of this.last.values()) {
      const found = table.see(id, hash);
      if (found && (highest?.version ?? 0) < found.version) highest = found;
    }
    return highest && { id, ...highest };
  }

  /** The keys that are unseen, at most `limit` of them: the topic is read again where there are some, because only it has them. */
  async unseen(limit: number): Promise<string[]> {
    const ids = new Set<string>();
    if ([...this.last.values()].every(({ unseen }) => unseen === 0)) return [];
    await this.walk((partition, message) => {
      const id = ids.size < limit ? this.entryOf(message)?.id : undefined;
      if (id !== undefined && this.last.get(partition)?.isUnseen(id) === true) ids.add(id);
    });
    return [...ids];
  }

  /** Reads the topic from its beginning to where it ends now. Throws where it has more keys than are kept. */
  async read(): Promise<void> {
    this.last.clear();
    await this.walk((partition, message) => this.note(partition, message));
  }

  private async walk(visit: Visit): Promise<void> {
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
        const failure = await this.readTo(open, groupId, visit).catch((error: Error) => error);
        if (failure && (attempt === MAX_ATTEMPTS || failure instanceof TooManyKeys)) throw failure;
        if (failure) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    } finally {
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    }
  }

  private async readTo(open: Map<number, number>, groupId: string, visit: Visit): Promise<void> {
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [this.topic], fromBeginning: true });
      await this.run(consumer, open, visit);
    } finally {
      await consumer.disconnect();
    }
  }

  private async run(consumer: Consumer, open: Map<number, number>, visit: Visit): Promise<void> {
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
      for (const message of batch.messages) {
        if (!this.isNext(batch.partition, message)) continue;
        visit(batch.partition, message);
        this.next.set(batch.partition, Number(message.offset) + 1);
      }
    };
    const rejecting = (error: unknown) => {
      reject(error);
      // kafkajs must not take the batch for one that was read
      throw error;
    };
    consumer.run({ autoCommit: false, eachBatch: (batch) => eachBatch(batch).catch(rejecting) }).catch(reject);
    try {
      await promise;
    } finally {
      clearTimeout(limit);
    }
  }

  private isNext(partition: number, { offset }: Message): boolean {
    return Number(offset) >= (this.next.get(partition) ?? 0);
  }

  private note(partition: number, message: Message): void {
    const last = this.last.get(partition) ?? new TailTable();
    this.last.set(partition, last);
    const entry = this.entryOf(message);
    if (entry) last.set(entry.id, entry);
    // compaction keeps it, and nothing that its readers take
    else if (message.key) last.set(canonicalId(String(message.key)), undefined);
    if (last.keys > this.maxKeys / 2 && this.keys > this.maxKeys) throw new TooManyKeys(this.topic, this.maxKeys);
  }

  /** undefined: it has no version, or its readers park it. */
  private entryOf({ key, value, headers = {} }: Message): Entry | undefined {
    const version = EventHeaders.shape.ce_aggregateversion.safeParse(firstOf(headers.ce_aggregateversion));
    if (!version.success) return undefined;
    const type = firstOf(headers.ce_type);
    if (type !== undefined && this.contract?.types.includes(type) === false) return undefined;
    if (headersRead.some((name) => isTwofold(headers[name]))) return undefined;
    const known = { id: canonicalId(String(key)), version: Number(version.data) };
    const subject = canonicalId(firstOf(headers.ce_subject) ?? known.id);
    if (key && subject !== known.id) return undefined;
    if (value === null) return key ? { ...known, hash: '', deleted: true } : undefined;
    const content = jsonOf(value);
    if (content === undefined || this.contract?.schema.safeParse(content).success === false) return undefined;
    const id = this.contract?.aggregateId(content) ?? known.id;
    if (headers.ce_subject !== undefined && id !== subject) return undefined;
    return { ...known, id, hash: hashOf(content) };
  }
}

/** The topic has more keys than a process is to keep: its tail is not compared. */
export class TooManyKeys extends Error {
  constructor(topic: string, maxKeys: number) {
    super(
      `${topic} has more than ${maxKeys} keys, which are not kept in memory: compare without its tail, by leaving out --brokers and KAFKA_BROKERS.`,
    );
    this.name = 'TooManyKeys';
  }
}

type Visit = (partition: number, message: Message) => void;

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

/** Of two values of one of these, readers take neither. */
const headersRead = ['ce_type', 'ce_id', 'ce_aggregateversion', 'ce_previousversion', 'ce_subject'] as const;

function isTwofold(header: IHeaders[string]): boolean {
  return Array.isArray(header) && new Set(header.map(String)).size > 1;
}

/** undefined: there is none, or it is no text. */
function firstOf(header: IHeaders[string]): string | undefined {
  const [first] = [header].flat();
  // a header may have no value
  return first === undefined || first === null ? undefined : String(first);
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
