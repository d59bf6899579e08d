import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OutboxEntry } from '../src/outbox-entry';
import type { Topic } from '../src/topic';

export const Note = z.object({ id: z.string(), text: z.string() });
export type Note = z.infer<typeof Note>;

/** A topic of its own for every test, so that tests can run side by side. */
export function noteTopic(ordering: Topic<Note>['ordering'] = 'state', partitions = 3): Topic<Note> {
  return {
    name: `test.${ordering}.${randomUUID()}`,
    ordering,
    source: '/notes',
    types: ['note.changed', 'note.deleted'],
    tombstones: ordering === 'state',
    schema: Note,
    aggregateId: (value) => (value as { id?: string }).id,
    partitions,
    configEntries: {},
  };
}

/** The whole note, and the event that says so. */
export function written(id: string, text: string) {
  const state: Note = { id, text };
  return { state, event: { type: 'note.changed', value: state } };
}

export function entry(version: number, value: string | null = `{"text":"${version}"}`): OutboxEntry {
  return {
    version,
    previousVersion: version - 1,
    id: `event-${version}`,
    topic: 'notes',
    source: '/notes',
    type: 'note.changed',
    value,
    occurredAt: '2026-01-01T00:00:00.000Z',
  };
}
