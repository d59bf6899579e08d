import type { OrderStatusEvent } from '@storefront/contracts';
import type { Answer } from '../http-client';
import { orderBody } from '../system/bodies';
import { isSuccess, type PatientClient, versionIn } from './client';
import type { Ledger } from './ledger';
import type { Seeded } from './seeded';

interface KnownOrder {
  readonly guid: string;
  /** As last seen, here or in Fulfillment. */
  status: string;
  requested: boolean;
  uncertain: boolean;
}

interface Move {
  command: string;
  body?: object;
}

/** What may be tried next; the first is the way to the customer. */
const moves: Record<string, Move[]> = {
  CREATED: [{ command: 'approve' }, { command: 'approve' }, { command: 'hold' }, { command: 'reject' }],
  ON_HOLD: [{ command: 'approve' }],
  APPROVED: [{ command: 'fulfill' }, { command: 'fulfill' }, { command: 'fulfill' }, { command: 'cancel' }],
};
const fulfillmentMoves: Record<string, Move[]> = {
  APPROVED: [{ command: 'process' }],
  PROCESSING: [
    { command: 'ship', body: { shippingMethod: 'UPS' } },
    { command: 'hold', body: { note: 'waiting' } },
  ],
  ON_HOLD: [{ command: 'process' }],
  SHIPPED: [{ command: 'in-transit' }],
  IN_TRANSIT: [{ command: 'receive' }],
  RECEIVED: [{ command: 'return' }],
};

/** Orders on their way from CREATED to RETURNED, each moved by one worker at a time. */
export class BusyOrders {
  private readonly idle: KnownOrder[] = [];

  constructor(
    private readonly client: PatientClient,
    private readonly ledger: Ledger,
    private readonly chance: Seeded,
  ) {}

  async place(customerId: string | undefined): Promise<void> {
    if (customerId === undefined) return;
    const answer = await this.client.send('POST', `/orders/customers/${customerId}/orders`, { body: orderBody });
    if (answer === 'unknown') return this.ledger.orderPlaced(customerId, 'unknown');
    if (answer.status === 404) return void this.ledger.refused++; // not replicated yet, or deleted
    if (answer.status !== 201) return this.client.surprise('placing an order', answer);
    this.ledger.orderPlaced(customerId, 'acknowledged');
    const { guid } = answer.json as { guid: string };
    this.note({ guid, status: 'CREATED', requested: false, uncertain: false }, answer);
  }

  async moveOne(): Promise<void> {
    const [order] = this.idle.splice(this.chance.below(this.idle.length), 1);
    if (!order) return;
    if (order.uncertain && !(await this.look(order))) return void this.idle.push(order);
    const move = this.chance.pick((order.requested ? fulfillmentMoves : moves)[order.status] ?? []);
    if (!move) return; // it is where it was to go
    const answer = await this.client.send('POST', `${pathOf(order)}/${move.command}`, { body: move.body });
    if (answer === 'unknown') {
      this.idle.push({ ...order, uncertain: true });
    } else if (isSuccess(answer)) {
      this.note({ ...order, requested: order.requested || move.command === 'fulfill' }, answer);
    } else if (this.mayBeRefused(order, move, answer)) {
      this.ledger.refused++;
      this.idle.push(order);
    } else {
      this.client.surprise(`${move.command} of ${order.guid} after ${order.status}`, answer);
    }
  }

  /** Not in Fulfillment yet; or its customer was deleted. */
  private mayBeRefused(order: KnownOrder, { command }: Move, { status }: Answer): boolean {
    if (order.requested) return status === 404 && order.status === 'APPROVED';
    return command === 'fulfill' && status === 404;
  }

  private note(order: KnownOrder, answer: Answer): void {
    const history = historyIn(answer);
    const status = history.at(-1)?.orderStatusType ?? order.status;
    this.ledger.orderWritten(order.guid, history, { requested: order.requested, version: versionIn(answer) });
    this.idle.push({ ...order, status, uncertain: false });
  }

  private async look(order: KnownOrder): Promise<boolean> {
    const answer = await this.client.send('GET', pathOf(order));
    if (answer === 'unknown' || !isSuccess(answer)) return false;
    order.status = historyIn(answer).at(-1)?.orderStatusType ?? order.status;
    order.requested ||= (answer.json as { fulfillmentRequested?: boolean }).fulfillmentRequested === true;
    order.uncertain = false;
    return true;
  }
}

function pathOf({ guid, requested }: KnownOrder): string {
  return requested ? `/fulfillment/fulfillments/${guid}` : `/orders/orders/${guid}`;
}

function historyIn({ json }: Answer): OrderStatusEvent[] {
  const resource = json as {
    orderStatusEvents?: OrderStatusEvent[];
    order?: { orderStatusEvents: OrderStatusEvent[] };
  };
  return resource.orderStatusEvents ?? resource.order?.orderStatusEvents ?? [];
}
