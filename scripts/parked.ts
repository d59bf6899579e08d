import { parseArgs } from 'node:util';
import { messageOf, say } from './command-line';
import { laneNamed } from './lane-names';
import { WrongCall } from './wrong-call';
import { ParkedClient } from './parked-client';
import { positionCommands } from './parked-positions';
import {
  showDiscard,
  showDiscarded,
  showLane,
  showPage,
  showPositionsReport,
  showRedrive,
  showReports,
} from './parked-view';

const usage = `
usage: npm run parked -- list [--topic t] [--min-age 15m] [--page 0] [--size 20]
       npm run parked -- show (<lane> | <positions>)
       npm run parked -- discarded [<lane>] [--topic t] [--page 0] [--size 20]
       npm run parked -- redrive [<lane> | --topic t | <positions>] [--dry-run]
       npm run parked -- discard <lane> (--version n | --position p:o) --reason text
       npm run parked -- discard <positions> --reason text
       npm run parked -- skip --topic t --partition p --offset o --reason text

Looks at the events that a service could not apply, tries them again (one lane, a topic's, or all), or gives one version up
for good, with the reason kept: discarded shows what was given up. <positions> are records that are known by their position only:
--topic t --partition p [--offset o [--to o]]. skip is the last resort for a partition that stands still: its consumer goes on
behind the record, which is kept unread. A lane is named as list prints it, between quotes where it has \\. Docs: docs/operations/parked-events.md.

  --url       the service itself, not the gateway: orders (http://127.0.0.1:8090, the default) or fulfillment (…:8095)
  --user      management user (MANAGEMENT_USERNAME, admin)
  --password  its password (MANAGEMENT_PASSWORD); npm start prints it
  --json      the answers as JSON

Ends with 0; with 1 when the service refused or could not be reached, or when a redrive left events; with 2 for a wrong call.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: { ...text, default: 'http://127.0.0.1:8090' },
        user: { ...text, default: process.env['MANAGEMENT_USERNAME'] ?? 'admin' },
        password: { ...text, default: process.env['MANAGEMENT_PASSWORD'] ?? '' },
        topic: text,
        'min-age': text,
        page: text,
        size: text,
        version: text,
        position: text,
        partition: text,
        offset: text,
        to: text,
        reason: text,
        'dry-run': flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    });
  } catch (error) {
    throw new WrongCall(messageOf(error));
  }
}

type Options = ReturnType<typeof read>['values'];

async function main(): Promise<number> {
  const { values, positionals } = read();
  if (values.help) return told(usage.trim());
  const [command, name, ...more] = positionals;
  const lane = name === undefined ? undefined : laneNamed(name);
  if (more.length > 0) throw new WrongCall(`One lane at a time: ${more.join(' ')} is too much.`);
  const client = clientFor(values);
  const positions = lane === undefined ? positionCommands(command, values) : undefined;
  if (positions) return positions(client);
  if (command === 'list' && lane === undefined) return list(client, values);
  if (command === 'show') return show(client, needed(lane, '<lane>'), values);
  if (command === 'discarded') return discarded(client, { ...values, lane });
  if (command === 'redrive') return lane === undefined ? redriveAll(client, values) : redriveOne(client, lane, values);
  if (command === 'discard') return discard(client, needed(lane, '<lane>'), values);
  throw new WrongCall(`There is no command ${positionals.join(' ') || 'without a name'}.`);
}

function clientFor({ url, user, password }: Options): ParkedClient {
  if (!URL.canParse(url)) throw new WrongCall(`--url ${url} is not a URL.`);
  if (password === '') throw new WrongCall('Give --password or set MANAGEMENT_PASSWORD.');
  return new ParkedClient(url.replace(/\/+$/, ''), { user, password });
}

async function list(client: ParkedClient, { topic, page, size, json, ...values }: Options): Promise<number> {
  const found = await client.list({ topic, page, size, minAge: values['min-age'] });
  return told(json ? asJson(found) : showPage(found));
}

async function show(client: ParkedClient, lane: string, { json }: Options): Promise<number> {
  const found = await client.show(lane);
  return told(json ? asJson(found) : showLane(found));
}

async function discarded(
  client: ParkedClient,
  { topic, lane, page, size, json }: Options & { lane: string | undefined },
): Promise<number> {
  const found = await client.discarded({ topic, lane, page, size });
  return told(json ? asJson(found) : showDiscarded(found));
}

async function redriveOne(client: ParkedClient, lane: string, values: Options): Promise<number> {
  if (values.topic !== undefined) throw new WrongCall('Name a lane or a topic, not both.');
  if (values['dry-run'])
    return told(values.json ? asJson([await client.show(lane)]) : showRedrive([await client.show(lane)]));
  const report = await client.redrive(lane);
  told(values.json ? asJson([report]) : showReports([report]));
  return report.left === 0 ? 0 : 1;
}

async function redriveAll(client: ParkedClient, { topic, json, ...values }: Options): Promise<number> {
  if (values['dry-run']) {
    const lanes = await all(client.wouldRedrive(topic));
    return told(json ? asJson(lanes) : showRedrive(lanes));
  }
  const reports = await all(client.redriveAll(topic));
  const kept = (await client.list({ topic })).positions;
  const positions = await all(client.redriveEach(kept));
  told(
    json
      ? asJson([...reports, ...positions])
      : [showReports(reports), ...positions.map(showPositionsReport)].join('\n'),
  );
  return [...reports, ...positions].every(({ left }) => left === 0) ? 0 : 1;
}

async function discard(
  client: ParkedClient,
  lane: string,
  { version, position, reason, json }: Options,
): Promise<number> {
  if ((version === undefined) === (position === undefined)) throw new WrongCall('Give --version or --position.');
  if (version !== undefined && !/^[1-9]\d*$/.test(version))
    throw new WrongCall(`--version ${version} is not a version.`);
  const target = version === undefined ? { position: position ?? '' } : { version: Number(version) };
  const report = await client.discard(lane, { ...target, reason: needed(reason, '--reason') });
  return told(json ? asJson(report) : showDiscard(report));
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value.trim() === '') throw new WrongCall(`${name} is missing.`);
  return value;
}

async function all<T>(each: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of each) found.push(one);
  return found;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function told(lines: string): 0 {
  say(lines);
  return 0;
}

async function run(): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isWrongCall = error instanceof WrongCall;
    process.stderr.write(`${messageOf(error)}\n${isWrongCall ? `\n${usage.trim()}\n` : ''}`);
    process.exitCode = isWrongCall ? 2 : 1;
  }
}

void run();
