import type { Overview } from '@storefront/reconcile';
import type { ParkedClient, PositionRange, PositionsReport } from './parked-client';
import type { Outcome } from './parked-outcome';
import { showPositionList, showPositionsReport } from './parked-view';
import { WrongCall } from './wrong-call';

/** The options of `npm run parked` that name positions. */
export interface PositionOptions {
  readonly topic?: string | undefined;
  readonly partition?: string | undefined;
  readonly offset?: string | undefined;
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  readonly apply: boolean;
  readonly 'dry-run': boolean;
}

/** What the service is asked through: its parked events, and how far its consumer is. */
export interface Asked {
  readonly client: ParkedClient;
  readonly overview: () => Promise<Overview>;
}

type Command = (asked: Asked) => Promise<Outcome>;

/** What a command does with positions, where the options name some; undefined where they do not. Throws WrongCall. */
export function positionCommands(command: string | undefined, options: PositionOptions): Command | undefined {
  if (command === 'skip') return skip(options);
  if (options.partition === undefined) return undefined;
  const range = rangeOf(options);
  if (command === 'show') return ({ client }) => show(client, range);
  if (command === 'redrive') return ({ client }) => (options['dry-run'] ? show(client, range) : redrive(client, range));
  if (command === 'discard') return discard(options, range);
  return undefined;
}

async function show(client: ParkedClient, range: PositionRange): Promise<Outcome> {
  const isOne = range.to === undefined && range.offset !== undefined;
  const found = await client.showPositions({ ...range, ...(isOne && { to: range.offset }) });
  return { code: 0, json: found, text: showPositionList(found.positions, found.next) };
}

async function redrive(client: ParkedClient, range: PositionRange): Promise<Outcome> {
  const reports: PositionsReport[] = [];
  for await (const report of client.redrivePositions(range)) reports.push(report);
  const code = reports.every(({ left }) => left === 0) ? 0 : 1;
  return { code, json: reports, text: reports.map(showPositionsReport).join('\n') };
}

function discard({ apply, reason, offset }: PositionOptions, range: PositionRange): Command {
  const given = { ...range, offset: wholeNumber(offset, '--offset') };
  const why = needed(reason, '--reason');
  return async ({ client }) => {
    if (!apply) {
      const would = await show(client, given);
      return { ...would, text: `${would.text}\n\nnothing was done: --apply gives them up` };
    }
    const discarded = await client.discardPositions(given, why);
    return { code: 0, json: { discarded }, text: `${discarded} positions discarded` };
  };
}

function skip(options: PositionOptions): Command {
  const { topic, partition } = rangeOf(options);
  const position = { topic, partition, offset: wholeNumber(options.offset, '--offset') };
  const reason = needed(options.reason, '--reason');
  const place = `${topic}[${partition}:${position.offset}]`;
  return async ({ client, overview }) => {
    if (options.apply) {
      const answer = await client.skip(position, reason);
      const text = `${place} is kept by its position; its consumer goes on behind it within seconds`;
      return { code: 0, json: answer, text };
    }
    const { consumed, trouble } = await overview();
    const at = consumed.find((each) => each.topic === topic && each.partition === partition);
    const stands = at
      ? `stands at ${at.committed}, of ${at.end}`
      : `is at an unknown place (${trouble ?? 'none is known'})`;
    const text = `would skip ${place}; its consumer ${stands}. Nothing was done: --apply skips it`;
    return { code: 0, json: { applied: false, ...position, consumer: at ?? null }, text };
  };
}

function rangeOf({ topic, partition, offset, to }: PositionOptions): PositionRange {
  return {
    topic: needed(topic, '--topic'),
    partition: wholeNumber(partition, '--partition'),
    ...(offset !== undefined && { offset: wholeNumber(offset, '--offset') }),
    ...(to !== undefined && { to: wholeNumber(to, '--to') }),
  };
}

/** The value of an option or argument. Throws WrongCall where it is missing. */
export function needed(value: string | undefined, name: string): string {
  if (value === undefined || value.trim() === '') throw new WrongCall(`${name} is missing.`);
  return value;
}

function wholeNumber(value: string | undefined, name: string): number {
  if (!/^\d{1,15}$/.test(needed(value, name))) throw new WrongCall(`${name} ${value} is not a whole number.`);
  return Number(value);
}
