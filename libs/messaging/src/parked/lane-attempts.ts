import { Logger } from '@nestjs/common';
import type { Connection, mongo } from 'mongoose';
import { cut } from '../cut';
import { DURABLE } from '../durable';
import type { Unappliable } from '../incoming-event';
import { lanesOf } from './collections';
import type { Lane } from './lane';
import type { ParkingLimits } from './parking-limits';
import { redriveDelayMs } from './redrive-delay';

export const MAX_STACK_CHARACTERS = 4_000;

/** When a lane is tried next, and how often it was in a row. */
export type Turn = Pick<Lane, '_id' | 'attempts' | 'nextAttemptAt'>;

/**
 * Counts the tries of lanes. A try counts from its beginning, because one that ends the process has no end; what is written at
 * its end says nothing about a lane that was hastened or tried by another instance meanwhile: its turn stays as they left it.
 */
export class LaneAttempts {
  private readonly logger = new Logger('ParkedEvents');

  constructor(
    private readonly connection: Connection,
    private readonly limits: ParkingLimits,
  ) {}

  private get lanes(): mongo.Collection<Lane> {
    return lanesOf(this.connection);
  }

  /** A try begins, and counts as one that failed until its end is told; durable when it returns. After `progressed` the tries count anew. */
  async begin(lane: Turn, progressed = false): Promise<Turn> {
    const attempts = progressed ? 1 : lane.attempts + 1;
    const turn = { _id: lane._id, attempts, nextAttemptAt: this.nextAttemptAt(attempts) };
    await this.change(lane, turn);
    return turn;
  }

  /** The try did not take place, or was ended by what passes by itself. */
  async takeBack(begun: Turn, before: Turn): Promise<void> {
    await this.change(begun, before);
  }

  /** The try went no further; after `progressed` the attempts count anew. */
  async failed(begun: Turn, fault: Unappliable, progressed = false): Promise<void> {
    const attempts = progressed ? 1 : begun.attempts;
    const nextAttemptAt = this.nextAttemptAt(attempts);
    const reason = cut(fault.reason);
    const stack = fault.stack?.slice(0, MAX_STACK_CHARACTERS);
    const { matchedCount } = await this.lanes.updateOne(
      unchanged(begun),
      {
        $set: { reason, attempts, nextAttemptAt, ...(stack !== undefined && { stack }) },
        ...(stack === undefined && { $unset: { stack: '' } }),
      },
      DURABLE,
    );
    // once: by hand it may be tried for ever
    if (attempts === this.limits.maxRedrives && matchedCount > 0) {
      this.logger.warn(`${begun._id} is left to a person after ${attempts} failed redrives: ${reason}`);
    }
  }

  private async change(from: Turn, { attempts, nextAttemptAt }: Turn): Promise<void> {
    await this.lanes.updateOne(unchanged(from), { $set: { attempts, nextAttemptAt } }, DURABLE);
  }

  private nextAttemptAt(attempts: number): Date | null {
    return attempts >= this.limits.maxRedrives ? null : new Date(Date.now() + redriveDelayMs(attempts));
  }
}

function unchanged({ _id, attempts, nextAttemptAt }: Turn) {
  return { _id, attempts, nextAttemptAt };
}
