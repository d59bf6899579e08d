import { parseArgs } from 'node:util';
import { done, type Job, OriginalService, type ServiceClient } from '@storefront/reconcile';
import { messageOf, numberOf, say } from './command-line';
import { environmentLinks } from './environment-links';
import { namesUsage } from './kafka/environment-names';
import { accessUsage, services } from './repair-access';

const links = environmentLinks();
const topics = links.map(({ topic, owner }) => `${topic} (${owner})`).join(', ');

const usage = `
usage: npm run republish -- --topic <topic> (--all | --id <id> …) [--since <time>] [--above <version>] [--rate 200] [--raise]
       npm run republish -- --topic <topic> (--list | --status <job> | --cancel <job>)

Lets the owner of a topic send its state again, beside what happens meanwhile: ${topics}.
Waits until everything is sent; Ctrl-C leaves the job running, --cancel ends it. A job whose service dies goes on with its
next start, or on another instance.

  --all, --id   every aggregate, or these (--id may come several times)
  --since       only those whose newest event occurred then or later: 2026-01-31T12:00:00Z, or epoch milliseconds
  --above       only those above this version
  --rate        aggregates a second
  --raise       customers only: at the next version, so that a copy takes it whatever it has
  --no-wait     print the job and end
  --unchecked   send although the service that keeps the copy does not answer. An original one must never be sent anything again
${accessUsage}${namesUsage}
`;

const flag = { type: 'boolean', default: false } as const;

function options() {
  return parseArgs({
    options: {
      topic: { type: 'string' },
      all: flag,
      id: { type: 'string', multiple: true },
      since: { type: 'string' },
      above: { type: 'string' },
      rate: { type: 'string', default: '200' },
      raise: flag,
      'no-wait': flag,
      unchecked: flag,
      list: flag,
      status: { type: 'string' },
      cancel: { type: 'string' },
      help: { ...flag, short: 'h' },
    },
  }).values;
}

type Options = ReturnType<typeof options>;

function orderOf({ topic, all, id, since, above, rate, raise }: Options): object {
  if (all === (id !== undefined)) throw new Error('Either --all or --id is expected.');
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

async function main(): Promise<void> {
  const values = options();
  if (values.help) return say(usage.trim());
  const link = links.find(({ topic }) => topic === values.topic);
  if (!link) throw new Error(`--topic is one of ${topics}.`);
  const { [link.owner]: owner, [link.replica]: replica } = services();
  if (values.list) return (await owner.jobs()).jobs.forEach((job) => say(JSON.stringify(job)));
  if (values.status !== undefined) return say(JSON.stringify(await owner.job(values.status), null, 2));
  if (values.cancel !== undefined) return say(JSON.stringify(await owner.cancel(values.cancel), null, 2));
  const order = orderOf(values);
  if (!values.unchecked) await refuseOriginal(replica);
  const job = await owner.republish(order);
  say(`job ${job.id}`);
  if (values['no-wait']) return;
  say(summary(await done(owner, job)));
}

/** An original Orders loses the orders of every customer that is sent again; it may be one, as long as nobody answers. */
async function refuseOriginal(replica: ServiceClient): Promise<void> {
  if (await replica.isOriginal()) throw new OriginalService(replica.url);
}

function summary({ state, sent, raised, skipped }: Job): string {
  return `${state}: ${sent} sent, ${raised} raised, ${skipped} skipped`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
