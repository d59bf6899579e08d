import { say } from './command-line';
import type { ParkedClient, PositionRange } from './parked-client';
import { showPositionList, showPositionsReport } from './parked-view';
import { WrongCall } from './wrong-call';

/** The options of `npm run parked` that name positions. */
export interface PositionOptions {
  readonly topic?: string | undefined;
  readonly partition?: string | undefined;
  readonly offset?: string | undefined;
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  readonly json: boolean;
  readonly 'dry-run'?: boolean | undefined;
}

type Command = (client: ParkedClient) => Promise<number>;

/** What a command does with positions, where the options name some; undefined where they do not. Throws WrongCall. */
export function positionCommands(command: string | undefined, options: PositionOptions): Command | undefined {
  if (command === 'skip') return (client) => skip(client, options);
  if (options.partition === undefined) return undefined;
  if (command === 'show') return (client) => show(client, options);
  if (command === 'redrive') return (client) => redrive(client, options);
  if (command === 'discard') return (client) => discard(client, options);
  return undefined;
}

async function show(client: ParkedClient, options: PositionOptions): Promise<number> {
  const range = rangeOf(options);
  const found = await client.showPositions({
    ...range,
    ...(options.to === undefined && range.offset !== undefined && { to: range.offset }),
  });
  return told(options.json ? JSON.stringify(found, null, 2) : showPositionList(found.positions, found.next));
}

async function redrive(client: ParkedClient, options: PositionOptions): Promise<number> {
  if (options['dry-run']) return show(client, options);
  let left = 0;
  for await (const report of client.redrivePositions(rangeOf(options))) {
    told(options.json ? JSON.stringify(report, null, 2) : showPositionsReport(report));
    left += report.left;
  }
  return left === 0 ? 0 : 1;
}

async function discard(client: ParkedClient, options: PositionOptions): Promise<number> {
  const range = { ...rangeOf(options), offset: wholeNumber(options.offset, '--offset') };
  const discarded = await client.discardPositions(range, needed(options.reason, '--reason'));
  return told(options.json ? JSON.stringify({ discarded }) : `${discarded} positions discarded`);
}

async function skip(client: ParkedClient, options: PositionOptions): Promise<number> {
  const { topic, partition } = rangeOf(options);
  const position = { topic, partition, offset: wholeNumber(options.offset, '--offset') };
  const answer = await client.skip(position, needed(options.reason, '--reason'));
  const place = `${topic}[${partition}:${position.offset}]`;
  const text = `${place} is kept by its position; its consumer goes on behind it within seconds`;
  return told(options.json ? JSON.stringify(answer) : text);
}

function rangeOf({ topic, partition, offset, to }: PositionOptions): PositionRange {
  return {
    topic: needed(topic, '--topic'),
    partition: wholeNumber(partition, '--partition'),
    ...(offset !== undefined && { offset: wholeNumber(offset, '--offset') }),
    ...(to !== undefined && { to: wholeNumber(to, '--to') }),
  };
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value.trim() === '') throw new WrongCall(`${name} is missing.`);
  return value;
}

function wholeNumber(value: string | undefined, name: string): number {
  if (!/^\d{1,15}$/.test(needed(value, name))) throw new WrongCall(`${name} ${value} is not a whole number.`);
  return Number(value);
}

function told(text: string): 0 {
  say(text);
  return 0;
}
