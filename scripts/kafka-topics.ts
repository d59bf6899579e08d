import type { Admin } from 'kafkajs';
import { Access, applyOption, brokersEnvironment, brokersOption, jsonOption } from './access';
import { runCommand } from './command';
import { say } from './command-line';
import { clusterSettings, withAdmin } from './kafka/cluster';
import { groupMembers } from './kafka/group-members';
import { environmentGroup, environmentNames } from './kafka/environment-names';
import { createTopics, planTopics, type TopicPlan, topicsOf } from './kafka/topic-plan';
import { terminalWidth, wrapped } from './terminal';
import { WrongCall } from './wrong-call';

/** Services that read something. */
const consumers = ['orders', 'fulfillment'];

runCommand({
  name: 'kafka:topics',
  calls: ['[--apply] [--replication 3] [--groups]'],
  about: `
Creates the services' topics with the partitions and retention they need, so that no service needs the right to. A topic that is there stays as it
is; where it differs, that is said. Without --apply it shows what is missing.`,
  options: {
    ...applyOption,
    groups: {
      type: 'boolean',
      default: false,
      says: "also who is in the services' consumer groups: the name and the host of each member",
    },
    replication: {
      type: 'string',
      takes: '<number>',
      default: '-1',
      says: "copies of every partition; -1 is the cluster's own default",
    },
    ...brokersOption,
    ...jsonOption,
  },
  environment: brokersEnvironment,
  run: async ({ apply, json, groups, ...values }) => {
    const replication = Number(values.replication);
    if (!Number.isInteger(replication) || replication === 0)
      throw new WrongCall(`--replication ${values.replication} is not a number of copies.`);
    const topics = topicsOf(environmentNames());
    const run = async (admin: Admin) => {
      const plan = await planTopics(admin, topics);
      const members = groups ? await groupMembers(admin, consumers.map(environmentGroup)) : [];
      if (!json) say(wrapped([described(plan), ...members].join('\n'), terminalWidth()));
      if (apply) await createTopics(admin, plan.missing, replication);
      if (json) say(JSON.stringify({ applied: apply, ...plan, ...(groups && { members }) }, null, 2));
      else say(apply ? '\nDone.' : '\nNothing was changed: --apply does it.');
    };
    await withAdmin(clusterSettings(new Access(values).neededBrokers), run, { topics: topics.map(({ name }) => name) });
    return 0;
  },
});

function described({ missing, present }: TopicPlan): string {
  const there = present.map(({ topic, differences }) => {
    const left = differences.length > 0 ? `  (left as it is: ${differences.join(', ')})` : '';
    return `= topic  ${topic.name}${left}`;
  });
  const lacking = missing.map(({ name, partitions, configEntries }) => {
    const config = Object.entries(configEntries).map(([key, value]) => `${key}=${value}`);
    return `+ topic  ${name}  ${partitions} partitions, ${config.join(', ')}`;
  });
  return [...there, ...lacking].join('\n');
}
