import { Logger } from '@nestjs/common';
import type { Retention, TopicRetention } from '../kafka/topic-retention';
import type { MessagingMetrics } from '../metrics';
import type { ParkedPositions, PositionsOfPartition } from './parked-positions';

const DAY_MS = 86_400_000;
const WARN_EVERY_MS = 3_600_000;

export interface PositionsOfTopic {
  readonly count: number;
  readonly exhausted: number;
  /** When the topic's retention may delete the first record, epoch ms. */
  readonly endsAt?: number;
}

/** The positions of a partition, and until when the topic keeps what they stand for. */
export type ExpiringPositions = PositionsOfPartition & { readonly retention: Retention; readonly endsAt?: number };

/** Looks how many positions there are, tells the metrics, and warns a day before the topic deletes what they stand for. */
export class PositionsWatch {
  private readonly logger = new Logger('ParkedPositions');
  private readonly warned = new Map<string, number>();

  constructor(
    private readonly positions: ParkedPositions,
    private readonly retention: Pick<TopicRetention, 'of'>,
    private readonly metrics: MessagingMetrics,
  ) {}

  async list(): Promise<ExpiringPositions[]> {
    const found = await this.positions.summary();
    if (found.length === 0) return [];
    const retentions = await this.retention.of([...new Set(found.map(({ topic }) => topic))]);
    return found.map((each) => {
      const retention = retentions.get(each.topic) ?? { hasByteLimit: false };
      return { ...each, retention, ...(retention.ms !== undefined && { endsAt: each.oldest + retention.ms }) };
    });
  }

  async look(topics: Iterable<string>): Promise<void> {
    const found = await this.list();
    const byTopic = [...Map.groupBy(found, ({ topic }) => topic)].map(([topic, list]) => [topic, sumOf(list)] as const);
    this.metrics.parkedPositions(topics, new Map(byTopic));
    for (const [topic, { count, endsAt }] of byTopic) {
      if (endsAt !== undefined && endsAt - Date.now() < DAY_MS) this.warn(topic, { count, endsAt });
    }
  }

  private warn(topic: string, { count, endsAt }: { count: number; endsAt: number }): void {
    const now = performance.now();
    if (now - (this.warned.get(topic) ?? -Infinity) < WARN_EVERY_MS) return;
    this.warned.set(topic, now);
    const when = new Date(endsAt).toISOString();
    this.logger.warn(
      `${topic} may delete the first of ${count} parked positions from ${when} on: redrive or discard them`,
    );
  }
}

function sumOf(list: readonly ExpiringPositions[]): PositionsOfTopic {
  const ends = list.flatMap(({ endsAt }) => (endsAt === undefined ? [] : [endsAt]));
  return {
    count: list.reduce((sum, { count }) => sum + count, 0),
    exhausted: list.reduce((sum, { exhausted }) => sum + exhausted, 0),
    ...(ends.length > 0 && { endsAt: Math.min(...ends) }),
  };
}
