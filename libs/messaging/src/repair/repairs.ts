import type { Connection } from 'mongoose';
import { laneOf } from '../consumer/record-decoding';
import type { ParkedEvents } from '../parked/parked-events';
import type { ConsumerPositions } from './consumer-positions';
import { type Digest, type DigestEntry, type DigestPage, DigestReader } from './digest';
import { jobReport, type RepublishOrder } from './republish-job';
import type { RepublishJobs } from './republish-jobs';

/** This service keeps nothing of that topic that could be compared. */
export class NoDigest extends Error {
  readonly kind = 'not-found' as const;
  constructor(readonly topic: string) {
    super(`There is no digest of ${topic} here.`);
    this.name = 'NoDigest';
  }
}

interface Parts {
  readonly connection: Connection;
  readonly parked: ParkedEvents;
  readonly positions: ConsumerPositions;
  readonly jobs: RepublishJobs;
  readonly digests: readonly Digest[];
}

/** What operators compare and repair copies with; it stops nothing. */
export class Repairs {
  private readonly readers: ReadonlyMap<string, DigestReader>;

  constructor(private readonly parts: Parts) {
    this.readers = new Map(parts.digests.map((digest) => [digest.topic.name, this.readerOf(digest)]));
  }

  /** What can be compared here, and what is still on its way to this service. */
  async overview(): Promise<object> {
    const topics = this.parts.digests.map(({ topic, role }) => ({ topic: topic.name, role, ordering: topic.ordering }));
    const [consumer, parked] = await Promise.all([this.consumer(), this.parts.parked.summary()]);
    return { topics, ...consumer, parked: parked.map(({ topic, lanes }) => ({ topic, lanes })) };
  }

  page(topic: string, { after, size }: { after?: string; size: number }): Promise<DigestPage> {
    return this.reader(topic).page(after, size);
  }

  of(topic: string, ids: readonly string[]): Promise<{ entries: DigestEntry[]; parked: string[] }> {
    return this.reader(topic).of(ids);
  }

  async republish(order: RepublishOrder): Promise<object> {
    return jobReport(await this.parts.jobs.start(order));
  }

  async job(id: string): Promise<object> {
    return jobReport(await this.parts.jobs.find(id));
  }

  async jobs(): Promise<object> {
    return { jobs: await this.parts.jobs.list() };
  }

  async cancel(id: string): Promise<object> {
    return jobReport(await this.parts.jobs.cancel(id));
  }

  private async consumer(): Promise<object> {
    try {
      return { consumed: await this.parts.positions.read() };
    } catch (error) {
      return { consumed: [], trouble: error instanceof Error ? error.message : String(error) };
    }
  }

  private reader(topic: string): DigestReader {
    const reader = this.readers.get(topic);
    if (!reader) throw new NoDigest(topic);
    return reader;
  }

  private readerOf(digest: Digest): DigestReader {
    const { name } = digest.topic;
    return new DigestReader(digest, this.parts.connection, async (ids) => {
      const lanes = await this.parts.parked.among(ids.map((id) => laneOf(name, id)));
      return new Set(ids.filter((id) => lanes.has(laneOf(name, id))));
    });
  }
}
