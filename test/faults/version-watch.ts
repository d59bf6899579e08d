import { setTimeout as sleep } from 'node:timers/promises';
import { idOf, type Stores } from '../system/stores';

/** Looks at the copies again and again: their versions must never go down. */
export class VersionWatch {
  private readonly highest = new Map<string, number>();
  private readonly faults: string[] = [];
  private stopped = false;
  private readonly looking: Promise<void>;

  constructor(private readonly stores: Stores) {
    this.looking = this.look();
  }

  async stop(): Promise<string[]> {
    this.stopped = true;
    await this.looking;
    return this.faults;
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      // the store may be away: that is what is being tested
      await this.lookOnce().catch(() => undefined);
      await sleep(250);
    }
  }

  private async lookOnce(): Promise<void> {
    const { replicas, orders, fulfillments } = this.stores;
    for (const copies of [replicas, orders, fulfillments]) {
      const documents = await copies.find({}, { projection: { version: 1 } }).toArray();
      for (const document of documents) {
        this.note(`${copies.collectionName} ${idOf(document)}`, document.version ?? 0);
      }
    }
  }

  private note(id: string, version: number): void {
    const before = this.highest.get(id) ?? 0;
    if (version < before) this.faults.push(`${id} went from version ${before} to ${version}`);
    this.highest.set(id, Math.max(version, before));
  }
}
