import { parseArgs } from 'node:util';
import { defaultPatience, isClean, reconcile, reportTable, TopicTail } from '@storefront/reconcile';
import { messageOf, numberOf, say } from './command-line';
import { clusterConfig } from './kafka/cluster';
import { environmentNames, namesUsage } from './kafka/environment-names';
import { accessUsage, services } from './repair-access';

const usage = `
usage: npm run reconcile -- [--repair] [--adopt] [--json] [--brokers host:port] [--patience 30] [--pause 1] [--page 500]

Compares every copy with its owner by id, version and content, while all services go on: the customers in Orders, the
fulfillments and the order histories. What is still on its way (not published, not consumed, parked) is no drift. Ends with
0 when nothing has drifted, 1 when something has, 2 when it could not compare. While another process compares, it waits for a
minute, then ends with 2.

  --repair     the owners send again what is missing and take a higher version where a copy has something else; compares again,
               and ends with 0 when everything is healed
  --adopt      accepts fulfillments that no order in Orders asked for, because another program did: they are not compared any
               more. Look at the list without it first
  --json       the report as JSON, with everything that differs
  --brokers    compares the last record of every customer on the topic with Accounts too (default: KAFKA_BROKERS, if set)
  --patience   seconds that a consumer may take to come to what was on its topic
  --pause      seconds before what looks different is looked at again
  --page       aggregates a page
${accessUsage}${namesUsage}
`;

async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const text = (byDefault: number) => ({ type: 'string', default: String(byDefault) }) as const;
  const { values } = parseArgs({
    options: {
      repair: flag,
      adopt: flag,
      json: flag,
      brokers: { type: 'string', default: process.env['KAFKA_BROKERS'] ?? '' },
      patience: text(defaultPatience.patienceMs / 1_000),
      pause: text(defaultPatience.pauseMs / 1_000),
      page: text(defaultPatience.pageSize),
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help) {
    say(usage.trim());
    return 0;
  }
  const { brokers } = values;
  const report = await reconcile({
    services: services(),
    topicPrefix: environmentNames().topicPrefix,
    repair: values.repair,
    adopt: values.adopt,
    patience: {
      ...defaultPatience,
      patienceMs: numberOf('patience', values.patience) * 1_000,
      pauseMs: numberOf('pause', values.pause) * 1_000,
      pageSize: numberOf('page', values.page),
    },
    ...(brokers && { tailOf: (topic: string) => new TopicTail(clusterConfig(brokers), topic) }),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  say(values.json ? JSON.stringify({ clean: isClean(report), ...report }, null, 2) : reportTable(report));
  return isClean(report) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  },
);
