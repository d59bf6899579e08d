import { done, type Job, type Link, OriginalService, type ServiceClient } from '@storefront/reconcile';
import { Access, jsonOption, serviceEnvironment, serviceOptions } from './access';
import { runCommand } from './command';
import { numberOf, say } from './command-line';
import { environmentLinks } from './environment-links';
import { table } from './table';
import { terminalWidth } from './terminal';
import { WrongCall } from './wrong-call';

const links = environmentLinks();
const topics = links.map(({ topic, owner }) => `${topic} (${owner})`).join(', ');

interface Order {
  readonly topic?: string | undefined;
  readonly all: boolean;
  readonly id?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly above?: string | undefined;
  readonly rate: string;
  readonly raise: boolean;
}

runCommand({
  name: 'republish',
  calls: [
    '--topic <topic> (--all | --id <id> …) [--since <time>] [--above <version>] [--rate 200] [--raise]',
    '--topic <topic> (--list | --status <job> | --cancel <job>)',
  ],
  about: `
Lets the owner of a topic send its state again, beside what happens meanwhile: ${topics}. What is sent again is dropped by a copy that has it.
Waits until everything is sent; Ctrl-C leaves the job running, --cancel ends it. A job whose service dies goes on with its next start, or on
another instance.

Ends with 1 and sends nothing when the owner does not know an id.`,
  options: {
    topic: { type: 'string', takes: '<topic>', says: 'whose owner sends' },
    all: { type: 'boolean', default: false, says: 'every aggregate' },
    id: { type: 'string', multiple: true, takes: '<id>', says: 'this one; may come several times' },
    since: {
      type: 'string',
      takes: '<time>',
      says: 'only those whose newest event occurred then or later: 2026-01-31T12:00:00Z, or epoch milliseconds',
    },
    above: { type: 'string', takes: '<version>', says: 'only those above this version' },
    rate: { type: 'string', takes: '<number>', default: '200', says: 'aggregates a second' },
    raise: {
      type: 'boolean',
      default: false,
      says: 'customers only: at the next version, so that a copy takes it whatever it has',
    },
    'no-wait': { type: 'boolean', default: false, says: 'print the job and end' },
    unchecked: {
      type: 'boolean',
      default: false,
      says: 'send although the service that keeps the copy does not answer. An original one must never be sent anything again',
    },
    list: { type: 'boolean', default: false, says: 'the newest 100 jobs' },
    status: { type: 'string', takes: '<job>', says: 'how far it is' },
    cancel: { type: 'string', takes: '<job>', says: 'ends it' },
    ...serviceOptions,
    ...jsonOption,
  },
  environment: serviceEnvironment,
  run: async (values) => {
    const link = links.find(({ topic }) => topic === values.topic);
    if (!link) throw new WrongCall(`--topic is one of ${topics}.`);
    const access = new Access(values);
    const { [link.owner]: owner, [link.replica]: replica } = access.clients();
    if (values.list) return list(await owner.jobs(), values.json);
    if (values.status !== undefined) return told(await owner.job(values.status), values.json);
    if (values.cancel !== undefined) return told(await owner.cancel(values.cancel), values.json);
    const order = orderOf(values);
    if (!values.unchecked) await refuseOriginal(replica);
    if (values.id) await refuseUnknown(owner, link, values.id);
    const job = await owner.republish(order);
    if (values['no-wait']) return told(job, values.json);
    if (!values.json) say(`job ${job.id}`);
    const ended = await done(owner, job);
    told(ended, values.json);
    // of ids that the owner knows all can be sent, unless somebody deletes one meanwhile
    return ended.state === 'done' && (values.id === undefined || ended.skipped === 0) ? 0 : 1;
  },
});

function orderOf({ topic, all, id, since, above, rate, raise }: Order): object {
  if (all === (id !== undefined)) throw new WrongCall('Either --all or --id is expected.');
  const changedSince = since !== undefined && /^\d+$/.test(since) ? Number(since) : since;
  return {
    topic,
    ...(all ? { all } : { ids: id }),
    ...(changedSince !== undefined && { changedSince }),
    ...(above !== undefined && { aboveVersion: numberOf('above', above) }),
    rate: numberOf('rate', rate),
    ...(raise && { raise }),
  };
}

/** An original Orders loses the orders of every customer that is sent again; it may be one, as long as nobody answers. */
async function refuseOriginal(replica: ServiceClient): Promise<void> {
  if (await replica.isOriginal()) throw new OriginalService(replica.url);
}

async function refuseUnknown(owner: ServiceClient, link: Link, ids: readonly string[]): Promise<void> {
  const { entries } = await owner.look(link.topic, ids);
  const unknown = ids.filter((id) => !entries.has(id) && !entries.has(id.toLowerCase()));
  if (unknown.length === 0) return;
  throw new Error(`${link.owner} has nothing of ${unknown.join(', ')} for ${link.topic}: nothing was sent.`);
}

function list({ jobs }: { jobs: Job[] }, json: boolean): number {
  if (json) say(JSON.stringify(jobs, null, 2));
  else if (jobs.length === 0) say('There is no job.');
  else {
    const rows = jobs.map(({ id, state, sent, raised, skipped, failure = '' }) => [
      id,
      state,
      ...[sent, raised, skipped].map(String),
      failure,
    ]);
    say(table([['job', 'state', 'sent', 'raised', 'skipped', 'failure'], ...rows], terminalWidth()));
  }
  return 0;
}

function told(job: Job, json: boolean): number {
  const { id, state, sent, raised, skipped, failure } = job;
  const text = `job ${id} is ${state}: ${sent} sent, ${raised} raised, ${skipped} skipped`;
  say(json ? JSON.stringify(job, null, 2) : `${text}${failure === undefined ? '' : `; ${failure}`}`);
  return state === 'failed' ? 1 : 0;
}
