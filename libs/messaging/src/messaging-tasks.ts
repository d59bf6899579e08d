import { GroupLag } from './kafka/group-lag';
import { KafkaProbe } from './kafka/kafka-probe';
import { PositionsLoop } from './parked/positions-loop';
import { Redrive } from './parked/redrive';
import { Sweep } from './publisher/sweep';

/** What messaging does again and again, for those who show it. */
export class MessagingTasks {
  constructor(private readonly consumes: boolean) {}

  scheduledTasks(): readonly { target: string; fixedDelayMs?: number; trigger?: string }[] {
    const consuming = [
      { target: Redrive.name, fixedDelayMs: Redrive.intervalMs },
      { target: PositionsLoop.name, fixedDelayMs: PositionsLoop.intervalMs },
      { target: GroupLag.name, fixedDelayMs: GroupLag.intervalMs },
    ];
    return [
      { target: Sweep.name, trigger: Sweep.interval },
      { target: KafkaProbe.name, fixedDelayMs: KafkaProbe.intervalMs },
      ...(this.consumes ? consuming : []),
    ];
  }
}
