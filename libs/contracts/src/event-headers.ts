import { z } from 'zod';
import { AggregateId } from './aggregate-id';
import { eventTypes } from './event-types';

const version = z.string().regex(/^[1-9]\d{0,14}$/, 'a version as decimal text is expected');

/**
 * The headers of every record of ours: CloudEvents 1.0 in Kafka's binary mode, two extensions for the order of an aggregate's
 * events, one for those that are sent again, and W3C Trace Context. The original services send none of them, and are read all the same.
 */
export const EventHeaders = z.object({
  ce_specversion: z.literal('1.0').describe('CloudEvents version'),
  ce_id: z.uuid().describe('Identity of the event: the same when it is sent again'),
  ce_source: z
    .string()
    .regex(/^\/[a-z]+$/)
    .describe('The service that owns the aggregate'),
  ce_type: z.enum(eventTypes).describe('What happened'),
  ce_subject: AggregateId.describe("The aggregate's id, which is the record's key too"),
  ce_time: z.iso.datetime().describe('When it happened, by the clock of the owner; nothing depends on it'),
  ce_aggregateversion: version.describe(
    'Version of the aggregate after this event: what is at or below the version a reader has was applied before',
  ),
  ce_previousversion: version
    .or(z.literal('0'))
    .describe(
      "Version of the aggregate's event before this one on this topic, 0 for the first: a reader of deltas sees a gap by it",
    ),
  ce_resent: z
    .literal('true')
    .optional()
    .describe(
      'The event was published before and is sent again, by a repair or so that the newest of its key is the last record: ce_time says nothing of how long it was on its way',
    ),
  'content-type': z.literal('application/json'),
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'a W3C traceparent is expected')
    .optional()
    .describe('W3C Trace Context of the request that led to the event'),
});
export type EventHeaders = z.infer<typeof EventHeaders>;
