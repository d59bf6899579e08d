import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A record as one of the original services sent it: without a key, without our headers. */
export interface RecordedMessage {
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text. */
  readonly value: string;
}

/** One run of the original services. */
export const recordedMessages: readonly RecordedMessage[] = readFileSync(
  join(__dirname, '../recorded/messages.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedMessage);

/** The first one on a topic. */
export function recordedOn({ name }: { readonly name: string }): RecordedMessage {
  const message = recordedMessages.find(({ topic }) => topic === name);
  if (!message) throw new Error(`nothing is recorded on ${name}`);
  return message;
}
