import { EventPattern, Payload } from '@nestjs/microservices';
import { type FulfillmentRequest, fulfillmentRequests } from '@storefront/contracts';
import {
  EventController,
  EventGate,
  type GateMove,
  type IncomingEvent,
  type Outcome,
  Unappliable,
} from '@storefront/messaging';
import { AcceptFulfillmentRequests } from '../application/accept-fulfillment-requests';

@EventController()
export class FulfillmentRequestedHandler {
  constructor(private readonly acceptFulfillmentRequests: AcceptFulfillmentRequests) {}

  @EventPattern(fulfillmentRequests.name)
  async apply(@Payload() events: readonly IncomingEvent<FulfillmentRequest>[]): Promise<Outcome[]> {
    const accepted = await this.acceptFulfillmentRequests.execute(events.flatMap(({ value }) => value ?? []));
    return events.map(({ id, value }) => {
      if (!value) return new Unappliable('a request says nothing without a value');
      return accepted.delete(id) ? 'applied' : 'duplicate';
    });
  }

  /** An order is asked for once: what else comes of it, readable or not, is the same request again. */
  @EventGate(fulfillmentRequests.name)
  async gate(@Payload() { id }: GateMove): Promise<number | undefined> {
    return (await this.acceptFulfillmentRequests.isAccepted(id)) ? Number.MAX_SAFE_INTEGER : undefined;
  }
}
