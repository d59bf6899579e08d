import { randomUUID } from 'node:crypto';
import { type AggregateDocument, idOf } from '../document';
import { type OutboxEntry, outboxEntry } from '../outbox-entry';
import type { PastEvent } from '../past-events';
import type { OutboxSource } from './outbox-source';

/**
 * What to send so that the newest event of an aggregate is the last of its key again: the events made again from the
 * document, which are marked as `resent`, and everything that still waits in its outbox, in version order (R3, R7).
 */
export function eventsAgain(source: OutboxSource, document: AggregateDocument): OutboxEntry[] {
  const outbox = document.outbox ?? [];
  const waiting = new Set(outbox.map(({ version }) => version));
  const past = source.pastEvents(document).filter(({ version }) => !waiting.has(version));
  const again = past.flatMap((event) => entryAgain(source, document, event) ?? []);
  return [...again, ...outbox].sort((a, b) => a.version - b.version);
}

function entryAgain(
  { topic }: OutboxSource,
  document: AggregateDocument,
  { version, previousVersion, occurredAt, ...event }: PastEvent,
): OutboxEntry | undefined {
  if (!topic) return undefined;
  const time = occurredAt ?? timeOf(document.eventAt);
  const position = { version, previousVersion, id: eventId(document, version), ...(time && { occurredAt: time }) };
  return { ...outboxEntry(topic, idOf(document._id), event, position), resent: true };
}

function timeOf(eventAt: number | undefined): string | undefined {
  return eventAt === undefined ? undefined : new Date(eventAt).toISOString();
}

/** The id it had, as long as the ring of the last writes reaches back to it. */
function eventId({ version = 0, recentEventIds = [] }: AggregateDocument, of: number): string {
  return recentEventIds.at(-1 - (version - of)) ?? randomUUID();
}
