import { Logger } from '@nestjs/common';
import { documentId, idOf } from '../document';
import { isStoreTrouble } from '../mongo-errors';
import type { OutboxEntry } from '../outbox-entry';
import { eventsAgain } from './events-again';
import { type OutboxSource, sourceKey } from './outbox-source';

/**
 * How long this instance may take to send something newer by itself. Two instances that write one aggregate overtake each other
 * with every request: without the pause each request would bring the next repetition forth.
 */
const PAUSE_MS = 200;
/** Turns in which events that still wait in the document's outbox, for whoever wrote them, are left to that instance. */
const MAX_TURNS = 5;

export interface PublisherMemory {
  /** The newest version of the aggregate that is on its way, or was acknowledged and is not cleared yet. */
  newestOf(source: OutboxSource, id: string): number;
  resend(source: OutboxSource, id: string, events: readonly OutboxEntry[]): void;
}

interface Overtaken {
  readonly source: OutboxSource;
  readonly id: string;
  readonly turns: number;
}

/**
 * R7: somebody may have published a later version of an aggregate before an earlier one of ours arrived. The newest is sent
 * once more, so that it is the last of its key again: when nothing waits in the document any more, after a second at the latest,
 * and not where this instance has sent the newest meanwhile.
 */
export class OrderRestoring {
  private readonly logger = new Logger(OrderRestoring.name);
  private readonly waiting = new Map<string, Overtaken>();
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private stopped = false;

  constructor(private readonly memory: PublisherMemory) {}

  get idle(): boolean {
    return !this.running && this.waiting.size === 0;
  }

  overtaken(source: OutboxSource, id: string): void {
    // one that is overtaken again and again is sent all the same
    const turns = this.waiting.get(sourceKey(source, id))?.turns ?? 0;
    this.wait({ source, id, turns });
    this.schedule();
  }

  /** Kafka has acknowledged the newest version of the aggregate to this instance: nothing older of it can come behind. */
  isNewest(source: OutboxSource, id: string): void {
    this.waiting.delete(sourceKey(source, id));
  }

  /** What is left out is found by reconciling, as after a kill. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped || this.timer !== undefined || this.running) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.run();
    }, PAUSE_MS).unref();
  }

  private async run(): Promise<void> {
    this.running = true;
    const turn = [...this.waiting.values()];
    this.waiting.clear();
    for (const [source, overtaken] of Map.groupBy(turn, (each) => each.source)) {
      await this.restore(source, overtaken);
    }
    this.running = false;
    if (this.waiting.size > 0) this.schedule();
  }

  private wait(overtaken: Overtaken): void {
    this.waiting.set(sourceKey(overtaken.source, overtaken.id), overtaken);
  }

  private async restore(source: OutboxSource, overtaken: readonly Overtaken[]): Promise<void> {
    const turns = new Map(overtaken.map((each) => [each.id, each.turns]));
    try {
      const documents = source.collection.find(
        { _id: { $in: overtaken.map(({ id }) => documentId(id)) } },
        { readConcern: { level: 'majority' } },
      );
      for (const document of await documents.toArray()) {
        const id = idOf(document._id);
        if (this.memory.newestOf(source, id) >= (document.eventVersion ?? 0)) continue;
        const turn = (turns.get(id) ?? 0) + 1;
        if ((document.outbox ?? []).length > 0 && turn < MAX_TURNS) {
          this.wait({ source, id, turns: turn });
          continue;
        }
        // of a delta or a creation a late duplicate does no harm
        const again = source.topic?.ordering === 'state' ? eventsAgain(source, document) : (document.outbox ?? []);
        if (again.length > 0) this.memory.resend(source, id, again);
      }
    } catch (error) {
      if (isStoreTrouble(error)) for (const each of overtaken) this.wait(each);
      else this.logger.error({ msg: `newest events of ${source.name} cannot be made again`, err: error });
    }
  }
}
