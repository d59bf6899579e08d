import { EventPattern, Payload } from '@nestjs/microservices';
import { type CustomerChange, customerChanges } from '@storefront/contracts';
import { EventController, EventGate, type GateMove, type IncomingEvent, type Outcome } from '@storefront/messaging';
import { ReplicateCustomers } from '../application/replicate-customers';

@EventController()
export class CustomerChangedHandler {
  constructor(private readonly replicateCustomers: ReplicateCustomers) {}

  @EventPattern(customerChanges.name)
  apply(@Payload() events: IncomingEvent<CustomerChange>[]): Promise<Outcome[]> {
    const reports = events.map(({ id, version, value, origin }) => ({ id, version, customer: value, origin }));
    return this.replicateCustomers.execute(reports);
  }

  @EventGate(customerChanges.name)
  gate(@Payload() { id }: GateMove): Promise<number> {
    return this.replicateCustomers.reached(id);
  }
}
