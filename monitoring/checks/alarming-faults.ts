import { HeldUpGroup } from '../../libs/messaging/testing/held-up-group';
import { ParkedClient } from '../../scripts/parked-client';
import type { Storefront } from '../../test/system/storefront';

/** Something that somebody must be told of, and what tells it. */
export interface AlarmingFault {
  readonly name: string;
  /** All of them fire. */
  readonly alerts: readonly string[];
  /** The service that the alerts must be of; any where it is left out. */
  readonly job?: string;
  cause(storefront: Storefront): Promise<void>;
  heal(storefront: Storefront): Promise<void>;
}

const customers = 'accounts.customer.change';
const poisonKey = 'poison';
let stranger: HeldUpGroup | undefined;

export const alarmingFaults: readonly AlarmingFault[] = [
  {
    name: 'Kafka stops',
    alerts: ['StorefrontKafkaDown', 'StorefrontOutboxStuck'],
    cause: ({ engines }) => engines.kill('kafka'),
    heal: ({ engines }) => engines.restart('kafka'),
  },
  {
    name: 'the store stops',
    alerts: ['StorefrontStoreDown', 'StorefrontServerErrors'],
    cause: ({ engines }) => engines.kill('store'),
    heal: ({ engines }) => engines.restart('store'),
  },
  {
    name: 'a topic is poisoned',
    alerts: ['StorefrontEventsParked'],
    job: 'orders',
    cause: async ({ topics }) => void (await topics.send(customers, [{ key: poisonKey, value: '{"id":' }])),
    heal: async (storefront) => {
      const lane = `${customers}|${poisonKey}`;
      const { username: user, password } = storefront.management;
      const client = new ParkedClient(storefront.url('orders'), { user, password });
      const { events } = await client.show(lane);
      for (const { position } of events) await client.discard(lane, { position, reason: 'poison of the check' });
    },
  },
  {
    name: 'a consumer stops: its group does not let it in',
    alerts: ['StorefrontConsumerStopped'],
    job: 'orders',
    cause: async (storefront) => {
      await storefront.terminate('orders');
      stranger = await HeldUpGroup.hold(storefront.engines.brokers, { groupId: 'orders', topic: customers });
      await storefront.restart('orders');
    },
    heal: async () => stranger?.letGo(),
  },
  {
    name: 'a consumer stops: its process hangs',
    alerts: ['StorefrontServiceDown'],
    job: 'orders',
    cause: (storefront) => Promise.resolve(storefront.signal('orders', 'SIGSTOP')),
    heal: (storefront) => Promise.resolve(storefront.signal('orders', 'SIGCONT')),
  },
];
