import { jsonOption, serviceEnvironment, serviceOptions } from './access';
import { runCommand } from './command';
import { laneNamed } from './lane-names';
import { choiceOf, discardChosen, type LaneChoice, previewOf } from './parked-bulk';
import type { ParkedClient } from './parked-client';
import type { Outcome } from './parked-outcome';
import { needed, positionCommands } from './parked-positions';
import { type AskedService, askedServices, atEach } from './parked-services';
import {
  showDiscard,
  showDiscarded,
  showLane,
  showPage,
  showPositionsReport,
  showRedrive,
  showReports,
  showWouldDiscard,
} from './parked-view';
import { WrongCall } from './wrong-call';

const text = (takes: string, says: string) => ({ type: 'string', takes, says }) as const;

const options = {
  service: text('<name>', 'orders or fulfillment; by default the one that the topic or the lane tells, else both'),
  topic: text('<topic>', 'only of this topic'),
  'min-age': text('<time>', 'list: only what has waited for so long: 90s, 15m, 2h, 1d'),
  page: text('<number>', 'list, discarded: which page, from 0'),
  size: text('<number>', 'list, discarded: how many a page, up to 1000'),
  version: text('<number>', 'discard: this version of the aggregate'),
  position: text('<p:o>', 'discard: the record at this partition and offset'),
  'reason-matches': text('<expression>', 'discard: lanes with such a reason (a regular expression, in any case)'),
  'older-than': text('<time>', 'discard: lanes that have waited for so long: 90s, 15m, 2h, 1d'),
  partition: text('<number>', 'records that are known by their position only: of this partition of --topic'),
  offset: text('<number>', 'the first of them'),
  to: text('<number>', 'the last of them; by default --offset alone'),
  reason: text('<text>', 'why it is given up; it is kept with what was given up'),
  apply: {
    type: 'boolean',
    default: false,
    says: 'discard, skip: do it; without it they only show what they would do',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    says: 'redrive: only show what would be tried; discard and skip do so anyway',
  },
  ...serviceOptions,
  url: {
    ...serviceOptions.url,
    takes: '[<service>=]<address>',
    says: `${serviceOptions.url.says}; an address without a name is the one service to ask`,
  },
  ...jsonOption,
} as const;

interface Values {
  readonly topic?: string | undefined;
  readonly page?: string | undefined;
  readonly size?: string | undefined;
  readonly version?: string | undefined;
  readonly position?: string | undefined;
  readonly reason?: string | undefined;
  readonly 'min-age'?: string | undefined;
  readonly 'reason-matches'?: string | undefined;
  readonly 'older-than'?: string | undefined;
  readonly apply: boolean;
  readonly 'dry-run': boolean;
}

runCommand({
  name: 'parked',
  calls: [
    'list [--topic t] [--min-age 15m] [--page 0] [--size 20]',
    'show (<lane> | <positions>)',
    'discarded [<lane>] [--topic t] [--page 0] [--size 20]',
    'redrive [<lane> | --topic t | <positions>] [--dry-run]',
    'discard <lane> (--version n | --position p:o) --reason text [--apply]',
    'discard [--topic t] [--reason-matches expression] [--older-than 15m] --reason text [--apply]',
    'discard <positions> --reason text [--apply]',
    'skip --topic t --partition p --offset o --reason text [--apply]',
  ],
  about: `
Looks at the events that a service could not apply, tries them again (one lane, a topic's, or all), or gives some up for good, with the reason kept:
discarded shows what was given up. <positions> are records that are known by their position only: --topic t --partition p [--offset o [--to o]].
skip is the last resort for a partition that stands still: its consumer goes on behind the record, which is kept unread. discard and skip cannot
be undone: they do nothing without --apply.

A lane is named as list prints it, between quotes where it has \\. Docs: docs/operations/parked-events.md. Ends with 1, too, when a redrive left
events.`,
  options,
  environment: serviceEnvironment,
  takesArguments: true,
  run: (values, args) => {
    const [command, name, ...more] = args;
    if (more.length > 0) throw new WrongCall(`One lane at a time: ${more.join(' ')} is too much.`);
    if (values.apply && values['dry-run']) throw new WrongCall('Either --apply or --dry-run.');
    const lane = name === undefined ? undefined : laneNamed(name);
    const run = commandOf(command, lane, values);
    return atEach(askedServices(values, lane), values.json, run);
  },
});

type Run = (service: AskedService) => Promise<Outcome>;

function commandOf(command: string | undefined, lane: string | undefined, values: Values): Run {
  const positions = lane === undefined ? positionCommands(command, values) : undefined;
  if (positions) return positions;
  if (command === 'list' && lane === undefined) return ({ client }) => list(client, values);
  if (command === 'discarded') return ({ client }) => discarded(client, { ...values, lane });
  if (command === 'show') {
    const id = needed(lane, '<lane>');
    return ({ client }) => show(client, id);
  }
  if (command === 'redrive') return redrive(lane, values);
  if (command === 'discard') return lane === undefined ? discardMany(values) : discardOne(lane, values);
  throw new WrongCall(`There is no command ${[command ?? 'without a name', lane ?? ''].join(' ').trim()}.`);
}

async function list(client: ParkedClient, { topic, page, size, ...values }: Values): Promise<Outcome> {
  const found = await client.list({ topic, page, size, minAge: values['min-age'] });
  return { code: 0, json: found, text: showPage(found) };
}

async function show(client: ParkedClient, lane: string): Promise<Outcome> {
  const found = await client.show(lane);
  return { code: 0, json: found, text: showLane(found) };
}

async function discarded(
  client: ParkedClient,
  { topic, lane, page, size }: Values & { lane: string | undefined },
): Promise<Outcome> {
  const found = await client.discarded({ topic, lane, page, size });
  return { code: 0, json: found, text: showDiscarded(found) };
}

function redrive(lane: string | undefined, { topic, 'dry-run': isDry }: Values): Run {
  if (lane === undefined) return ({ client }) => (isDry ? wouldRedrive(client, topic) : redriveAll(client, topic));
  if (topic !== undefined) throw new WrongCall('Name a lane or a topic, not both.');
  return async ({ client }) => {
    if (isDry) {
      const would = [await client.show(lane)];
      return { code: 0, json: would, text: showRedrive(would) };
    }
    const report = await client.redrive(lane);
    return { code: report.left === 0 ? 0 : 1, json: [report], text: showReports([report]) };
  };
}

async function wouldRedrive(client: ParkedClient, topic: string | undefined): Promise<Outcome> {
  const lanes = await all(client.lanes(topic));
  return { code: 0, json: lanes, text: showRedrive(lanes) };
}

async function redriveAll(client: ParkedClient, topic: string | undefined): Promise<Outcome> {
  const reports = await all(client.redriveAll(topic));
  const kept = (await client.list({ topic })).positions;
  const positions = await all(client.redriveEach(kept));
  return {
    code: [...reports, ...positions].every(({ left }) => left === 0) ? 0 : 1,
    json: [...reports, ...positions],
    text: [showReports(reports), ...positions.map(showPositionsReport)].join('\n'),
  };
}

function discardOne(lane: string, { version, position, reason, apply }: Values): Run {
  if ((version === undefined) === (position === undefined)) throw new WrongCall('Give --version or --position.');
  if (version !== undefined && !/^[1-9]\d*$/.test(version))
    throw new WrongCall(`--version ${version} is not a version.`);
  const target = version === undefined ? { position: position ?? '' } : { version: Number(version) };
  const why = needed(reason, '--reason');
  return async ({ client }) => {
    if (!apply) {
      const found = await client.show(lane);
      return { code: 0, json: { applied: false, ...target, ...found }, text: showWouldDiscard(found, target) };
    }
    const report = await client.discard(lane, { ...target, reason: why });
    return { code: 0, json: report, text: showDiscard(report) };
  };
}

function discardMany(values: Values): Run {
  const choice: LaneChoice | undefined = choiceOf(values);
  if (choice === undefined) throw new WrongCall('Give a <lane>, --topic, --reason-matches or --older-than.');
  if (values.version !== undefined || values.position !== undefined)
    throw new WrongCall('<lane> is missing: a version or position is of one lane.');
  const why = needed(values.reason, '--reason');
  return ({ client }) => (values.apply ? discardChosen(client, choice, why) : previewOf(client, choice));
}

async function all<T>(each: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of each) found.push(one);
  return found;
}
