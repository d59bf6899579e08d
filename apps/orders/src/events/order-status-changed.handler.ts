import { EventPattern, Payload } from '@nestjs/microservices';
import { type OrderStatusChange, orderStatusChanges } from '@storefront/contracts';
import {
  EventController,
  EventGate,
  type GateMove,
  type IncomingEvent,
  type Outcome,
  TooEarly,
  Unappliable,
} from '@storefront/messaging';
import { ApplyStatusChanges, type StatusChange, type StatusReportResult } from '../application/apply-status-changes';
import { ForgoStatusChange } from '../application/forgo-status-change';

@EventController()
export class OrderStatusChangedHandler {
  constructor(
    private readonly applyStatusChanges: ApplyStatusChanges,
    private readonly forgoStatusChange: ForgoStatusChange,
  ) {}

  @EventPattern(orderStatusChanges.name)
  async apply(@Payload() events: IncomingEvent<OrderStatusChange>[]): Promise<Outcome[]> {
    const results = await this.applyStatusChanges.execute(events.map(toStatusChange));
    return results.map(outcomeOf);
  }

  @EventGate(orderStatusChanges.name)
  moveGate(@Payload() { id, version }: GateMove): Promise<number | undefined> {
    return this.forgoStatusChange.execute({ guid: id, version });
  }
}

function outcomeOf(result: StatusReportResult): Outcome {
  if (result.outcome === 'early') return new TooEarly(result.reason);
  return result.outcome === 'impossible' ? new Unappliable(result.reason) : result.outcome;
}

function toStatusChange({ id, value, version, previousVersion }: IncomingEvent<OrderStatusChange>): StatusChange {
  // the topic allows no tombstones: decoding has refused them
  if (!value) throw new Error(`The status change of order ${id} has no value.`);
  return { guid: id, event: value.orderStatusEvent, version, previousVersion };
}
