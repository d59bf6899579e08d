import { entryBytes, type OutboxEntry } from '../outbox-entry';
import { type OutboxSource, sourceKey } from './outbox-source';

/** One aggregate whose events wait in memory: always a gapless run of its outbox, from the oldest unacknowledged on (R3). */
export class Pending {
  entries: OutboxEntry[] = [];
  bytes = 0;
  /** Where it is sent; undefined until Kafka was reached. */
  partition: number | undefined;

  constructor(
    readonly source: OutboxSource,
    readonly id: string,
    /** Highest version of this aggregate that Kafka acknowledged to this process. */
    public acknowledged = 0,
  ) {}

  get key(): string {
    return sourceKey(this.source, this.id);
  }

  get topic(): string {
    return this.source.topic?.name ?? '';
  }

  get newest(): number {
    return this.entries.at(-1)?.version ?? this.acknowledged;
  }

  /** Adds what is not there yet of an outbox as it stands in the document; returns the bytes added. */
  merge(outbox: readonly OutboxEntry[]): number {
    const known = new Set(this.entries.map((entry) => entry.version));
    const added = outbox.filter((entry) => entry.version > this.acknowledged && !known.has(entry.version));
    if (added.length === 0) return 0;
    this.entries = [...this.entries, ...added].sort((a, b) => a.version - b.version);
    const bytes = added.reduce((sum, entry) => sum + entryBytes(entry), 0);
    this.bytes += bytes;
    return bytes;
  }

  /** Takes out what was acknowledged; returns the bytes freed. */
  acknowledge(version: number): number {
    this.acknowledged = Math.max(this.acknowledged, version);
    const before = this.bytes;
    this.entries = this.entries.filter((entry) => entry.version > version);
    this.bytes = this.entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    return before - this.bytes;
  }
}
