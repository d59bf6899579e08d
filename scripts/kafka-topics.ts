import { parseArgs } from 'node:util';
import type { Admin } from 'kafkajs';
import { messageOf, say } from './command-line';
import { clusterSettings, clusterUsage, withAdmin } from './kafka/cluster';
import { environmentNames, namesUsage } from './kafka/environment-names';
import { createTopics, planTopics, topicsOf, type Wanted } from './kafka/topic-plan';

const usage = `
usage: npm run kafka:topics -- [--apply] [--replication 3]

Creates the services' topics with the partitions and retention they need, so that no service needs the right to. Shows what is missing;
with --apply, creates it. A topic that is there stays as it is; where it differs, that is said.

  --apply         do it
  --replication   copies of every partition; the cluster's default (-1) unless given
${clusterUsage}${namesUsage}
`;

const flag = { type: 'boolean', default: false } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { apply: flag, replication: { type: 'string', default: '-1' }, help: { ...flag, short: 'h' } },
  });
  if (values.help) return say(usage.trim());
  const replication = Number(values.replication);
  if (!Number.isInteger(replication) || replication === 0) throw new Error('--replication is a number of copies.');
  const topics = topicsOf(environmentNames());
  const run = (admin: Admin) => plan(admin, topics, { apply: values.apply, replication });
  await withAdmin(clusterSettings(), run, { topics: topics.map(({ name }) => name) });
}

async function plan(
  admin: Admin,
  topics: readonly Wanted[],
  { apply, replication }: { apply: boolean; replication: number },
): Promise<void> {
  const { missing, present } = await planTopics(admin, topics);
  for (const { topic, differences } of present) {
    say(`= topic  ${topic.name}${differences.length > 0 ? `  (left as it is: ${differences.join(', ')})` : ''}`);
  }
  for (const { name, partitions, configEntries } of missing) {
    const config = Object.entries(configEntries).map(([key, value]) => `${key}=${value}`);
    say(`+ topic  ${name}  ${partitions} partitions, ${config.join(', ')}`);
  }
  if (!apply) return say('\nNothing was changed: --apply does it.');
  await createTopics(admin, missing, replication);
  say('\nDone.');
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
