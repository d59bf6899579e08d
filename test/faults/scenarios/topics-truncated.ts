import { eventually } from '../../eventually';
import { command } from '../../system/command';
import { counted } from '../../system/metrics';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const topics = ['accounts.customer.change', 'fulfillment.order.change'] as const;

/** Nobody but the owners knows what was deleted: the consumer says so, and a re-publish makes it good. */
export const topicsTruncated: Scenario = {
  name: 'topics-truncated',
  family: 'kafka',
  about: 'both topics of Orders truncated above its offsets while it is stopped; an alarm, then a re-publish',
  plan(chance) {
    // until then some orders are with Fulfillment, which goes on telling of them
    const stopMs = 6_000;
    const awayMs = stopMs + chance.between(4_000, 8_000);
    let missed: string[] = [];
    return {
      deeds: [
        { atMs: stopMs, what: 'stop orders', do: ({ storefront }) => storefront.terminate('orders') },
        {
          atMs: awayMs,
          what: 'delete every record of both topics, start orders',
          async do(run) {
            const { storefront } = run;
            const behind = await storefront.lag();
            missed = topics.filter((topic) => behind.some((line) => line.includes(topic)));
            run.violated(...unless(missed.length > 0, 'nothing was missed', 'harness'));
            for (const topic of topics) await storefront.topics.truncate(topic);
            await storefront.restart('orders');
          },
        },
        {
          atMs: awayMs + 8_000,
          what: 'see the alarm; let the owners send again',
          async do(run) {
            const { storefront } = run;
            for (const topic of topics) {
              // an alarm that does not come ends the scenario
              const alarms = () => counted(storefront, 'orders', 'consumer_records_gone_total', { topic });
              if (missed.includes(topic)) await eventually(alarms, (count) => count > 0);
              const args = ['--topic', topic, '--all', '--rate', '2000'];
              const { code, stderr } = await command('republish', args, storefront.operations);
              run.violated(...unless(code === 0, `republish of ${topic} ended with ${code}: ${stderr}`));
            }
          },
        },
      ],
      unchecked: ['topics'],
    };
  },
};
