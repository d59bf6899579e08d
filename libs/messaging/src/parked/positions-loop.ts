import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isTransient } from '../consumer/event-handling';
import { TopicUnreadable } from '../kafka/record-reader';
import type { PositionsRedrive } from './positions-redrive';
import type { PositionsWatch } from './positions-watch';

const INTERVAL_MS = 1_000;
const LOOK_EVERY = 10;
const MAX_TURN_MS = 10_000;
const STOP_DEADLINE_MS = 8_000;

/** Tries positions again whose turn has come, and looks how many there are: every second, on every instance. */
export class PositionsLoop {
  static readonly intervalMs = INTERVAL_MS;
  private readonly logger = new Logger(PositionsLoop.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private turns = 0;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly topics: readonly string[],
    private readonly redrive: PositionsRedrive,
    private readonly watch: PositionsWatch,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.current = this.turn();
    }, INTERVAL_MS);
    this.timer.unref();
  }

  /** Waits for the group of records that is being tried, at most 8 s. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.race([this.current, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
  }

  private async turn(): Promise<void> {
    try {
      if (this.turns++ % LOOK_EVERY === 0) await this.watch.look(this.topics);
      await this.redrive.due(performance.now() + MAX_TURN_MS, () => this.stopped);
    } catch (error) {
      const passes = isTransient(error) || error instanceof TopicUnreadable;
      if (!passes) this.logger.error({ msg: 'redrive of positions failed', err: error });
    }
    if (!this.stopped) this.start();
  }
}
