import { counted } from '../../system/metrics';
import { Echo } from '../echo';
import type { Scenario } from '../scenario';
import { topicNames } from '../told-on-topics';
import { unless } from '../violation';

/** At-least-once, in earnest: what is told is told again a moment later, while the next things happen. */
export const everyEventTwice: Scenario = {
  name: 'every-event-twice',
  family: 'data',
  about: 'every event is delivered twice',
  plan() {
    let heard: Awaited<ReturnType<typeof Echo.of>> | undefined;
    return {
      deeds: [
        {
          atMs: 0,
          what: 'somebody sends every event once more',
          do: async ({ storefront }) => {
            heard = await Echo.of(topicNames, storefront.topics);
          },
        },
        { atMs: 10_000, what: 'and stops', do: () => heard?.stop() },
      ],
      check: async ({ storefront }) => {
        const duplicates = await Promise.all(
          (['orders', 'fulfillment'] as const).map((service) =>
            counted(storefront, service, 'consumer_events_total', { outcome: 'duplicate' }),
          ),
        );
        const said = heard?.echo.said ?? 0;
        const dropped = duplicates.reduce((sum, count) => sum + count, 0);
        // what a newer version of the same batch covers is not told from it
        const enough = said > 30 && dropped > said / 3;
        return unless(enough, `${said} events were sent again, ${dropped} dropped`, 'harness');
      },
    };
  },
};
