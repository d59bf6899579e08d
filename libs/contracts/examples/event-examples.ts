import type { EventHeaders } from '../src/event-headers';
import { eventTypes } from '../src/event-types';
import { customerChanges, fulfillmentRequests, orderStatusChanges } from '../src/topics';
import { recordedOn } from './recorded-messages';

type EventType = (typeof eventTypes)[keyof typeof eventTypes];

export interface ExampleOf {
  readonly topic: { readonly name: string; readonly source: string };
  readonly type: EventType;
  readonly key: string;
  readonly version: number;
  readonly previousVersion?: number;
}

/** One record of every type: a recorded value, and the headers and the key that our services send with it. */
export interface EventExample {
  readonly topic: string;
  readonly key: string;
  readonly headers: EventHeaders;
  /** The exact text; null is a tombstone. */
  readonly value: string | null;
}

/** Headers as our services send them, the same for the same event. */
export function exampleHeaders({ topic, type, key, version, previousVersion = 0 }: ExampleOf): EventHeaders {
  return {
    ce_specversion: '1.0',
    ce_id: `5f2b1c0e-7d35-4f8a-9b1e-${String(version).padStart(12, '0')}`,
    ce_source: topic.source,
    ce_type: type,
    ce_subject: key,
    ce_time: '2026-11-21T10:15:30.123Z',
    ce_aggregateversion: String(version),
    ce_previousversion: String(previousVersion),
    'content-type': 'application/json',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
}

const john = customerChanges.aggregateId(JSON.parse(recordedOn(customerChanges).value)) ?? '';
const order = orderStatusChanges.aggregateId(JSON.parse(recordedOn(orderStatusChanges).value)) ?? '';

export const eventExamples: Readonly<Record<EventType, EventExample>> = {
  [eventTypes.customerChanged]: example(
    { topic: customerChanges, type: eventTypes.customerChanged, key: john, version: 1 },
    recordedOn(customerChanges).value,
  ),
  [eventTypes.customerDeleted]: example(
    { topic: customerChanges, type: eventTypes.customerDeleted, key: john, version: 2, previousVersion: 1 },
    null,
  ),
  [eventTypes.fulfillmentRequested]: example(
    { topic: fulfillmentRequests, type: eventTypes.fulfillmentRequested, key: order, version: 3 },
    recordedOn(fulfillmentRequests).value,
  ),
  [eventTypes.orderStatusChanged]: example(
    { topic: orderStatusChanges, type: eventTypes.orderStatusChanged, key: order, version: 2 },
    recordedOn(orderStatusChanges).value,
  ),
};

function example(of: ExampleOf, value: string | null): EventExample {
  return { topic: of.topic.name, key: of.key, headers: exampleHeaders(of), value };
}
