import { defaultPatience, isClean, reconcile, reportTable, TopicTail } from '@storefront/reconcile';
import { Access, brokersEnvironment, brokersOption, jsonOption, serviceEnvironment, serviceOptions } from './access';
import { runCommand } from './command';
import { numberOf, say } from './command-line';
import { clusterConfig } from './kafka/cluster';
import { environmentNames } from './kafka/environment-names';
import { stopSignal } from './stop-signal';
import { terminalWidth, wrapped } from './terminal';

const seconds = (ms: number) => ({ type: 'string', takes: '<seconds>', default: String(ms / 1_000) }) as const;

runCommand({
  name: 'reconcile',
  calls: ['[--repair] [--adopt] [--json]'],
  about: `
Compares every copy with its owner by id, version and content, while all services go on: the customers in Orders, the fulfillments and the
order histories. What is still on its way (not published, not consumed, parked) is no drift. It changes nothing without --repair or --adopt. Ends
with 0 when nothing has drifted, or all of it is healed; with 1 when something differs, or it could not compare. While another process compares,
it waits for a minute.`,
  options: {
    repair: {
      type: 'boolean',
      default: false,
      says: 'the owners send again what is missing and take a higher version where a copy has something else; then it compares again',
    },
    apply: { type: 'boolean', default: false, says: 'the same as --repair' },
    adopt: {
      type: 'boolean',
      default: false,
      says: 'accepts fulfillments that no order in Orders asked for, because another program did: they are not compared any more. Look at the list without it first',
    },
    patience: {
      ...seconds(defaultPatience.patienceMs),
      says: 'how long a consumer may take to come to what was on its topic',
    },
    pause: { ...seconds(defaultPatience.pauseMs), says: 'before what looks different is looked at again' },
    page: { type: 'string', takes: '<number>', default: String(defaultPatience.pageSize), says: 'aggregates a page' },
    ...serviceOptions,
    brokers: {
      ...brokersOption.brokers,
      says: `${brokersOption.brokers.says}: where it is known, the last record of every customer on the topic is compared with Accounts too`,
    },
    ...jsonOption,
  },
  environment: { ...serviceEnvironment, ...brokersEnvironment },
  run: async ({ repair, apply, adopt, json, ...values }) => {
    const access = new Access(values);
    const { brokers } = access;
    const kafka = brokers === undefined ? undefined : clusterConfig(brokers);
    const report = await reconcile({
      services: access.clients(),
      topicPrefix: environmentNames().topicPrefix,
      repair: repair || apply,
      adopt,
      patience: {
        ...defaultPatience,
        patienceMs: numberOf('patience', values.patience) * 1_000,
        pauseMs: numberOf('pause', values.pause) * 1_000,
        pageSize: numberOf('page', values.page),
      },
      ...(kafka && { tailOf: (topic: string) => new TopicTail(kafka, topic) }),
      signal: stopSignal(),
      onProgress: (line) => process.stderr.write(`${line}\n`),
    });
    const asText = () => wrapped(reportTable(report), terminalWidth());
    say(json ? JSON.stringify({ clean: isClean(report), ...report }, null, 2) : asText());
    return isClean(report) ? 0 : 1;
  },
});
