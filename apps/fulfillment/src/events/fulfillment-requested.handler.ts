import { EventPattern, Payload } from '@nestjs/microservices';
import { type FulfillmentRequest, fulfillmentRequests } from '@storefront/contracts';
import { EventController, type IncomingEvent, type Outcome, Unappliable } from '@storefront/messaging';
import { AcceptFulfillmentRequests } from '../application/accept-fulfillment-requests';

@EventController()
export class FulfillmentRequestedHandler {
  constructor(private readonly acceptFulfillmentRequests: AcceptFulfillmentRequests) {}

  @EventPattern(fulfillmentRequests.name)
  async apply(@Payload() events: readonly IncomingEvent<FulfillmentRequest>[]): Promise<Outcome[]> {
    const requests = events.flatMap((event) => (isSound(event) ? [event.value] : []));
    const accepted = await this.acceptFulfillmentRequests.execute(requests);
    return events.map((event) => {
      if (!isSound(event)) return new Unappliable('the key is not the guid of the order in the value');
      return accepted.delete(event.id) ? 'applied' : 'duplicate';
    });
  }
}

function isSound(event: IncomingEvent<FulfillmentRequest>): event is IncomingEvent<FulfillmentRequest> & {
  value: FulfillmentRequest;
} {
  return event.value?.order.guid === event.id;
}
