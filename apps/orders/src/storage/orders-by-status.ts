import { OrderStatusType } from '@storefront/contracts';
import { live } from '@storefront/messaging';
import type { Model } from 'mongoose';
import { Gauge, register } from 'prom-client';

const name = 'orders_by_status';
const restMs = 60_000;
const limitMs = 10_000;

/**
 * The metric `orders_by_status`. Counting reads every order, so it is done at most once a minute, when somebody looks, and
 * nobody waits for it: what is told may be a minute old.
 */
export class OrdersByStatus {
  private countedAt = -restMs;

  constructor(private readonly orders: Model<unknown>) {
    register.removeSingleMetric(name);
    const looked = (gauge: Gauge<'status'>): void => this.looked(gauge);
    const gauge: Gauge<'status'> = new Gauge({
      name,
      help: 'Orders in each status, counted at most once a minute',
      labelNames: ['status'],
      collect: () => looked(gauge),
    });
  }

  private looked(gauge: Gauge<'status'>): void {
    if (performance.now() - this.countedAt < restMs) return;
    this.countedAt = performance.now();
    void this.count(gauge).catch(() => {
      // the store does not answer: the next look counts
      this.countedAt = -restMs;
    });
  }

  private async count(gauge: Gauge<'status'>): Promise<void> {
    const found = await this.orders
      .aggregate<{ _id: OrderStatusType; count: number }>([
        { $match: live },
        { $group: { _id: '$status', count: { $sum: 1 } } },
      ])
      .option({ maxTimeMS: limitMs });
    const counts = new Map(found.map(({ _id, count }) => [_id, count]));
    for (const status of OrderStatusType.options) gauge.set({ status }, counts.get(status) ?? 0);
  }
}
