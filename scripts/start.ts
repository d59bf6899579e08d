import { buildApps } from './build-apps';
import { messageOf, onlyHelp, say } from './command-line';
import { startSystem, type System } from './system';

onlyHelp(`
usage: npm start

Builds what is older than its sources, starts Kafka, the document store, the three services and the gateway, and keeps
them running until Ctrl-C. A second Ctrl-C ends everything at once.

  KAFKA_BROKERS, MONGODB_URI     servers of your own instead of the embedded ones
  GATEWAY_PORT 8080  ACCOUNTS_PORT 8085  ORDERS_PORT 8090  FULFILLMENT_PORT 8095  KAFKA_PORT 9092  MONGODB_PORT 27017
                                 0 = any free one
  STOREFRONT_DATA_DIR            where Kafka, documents and logs are kept (.storefront); npm run clean deletes it
  MANAGEMENT_PASSWORD            for operational endpoints; generated and printed if unset
  LOG_FORMAT, LOG_LEVEL          json or pretty; info
`);

/** npm, tsx and the terminal may each deliver the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;

const stopping = new AbortController();
let stopAskedAt = 0;
let system: System | undefined;

function stop(): void {
  if (stopping.signal.aborted) {
    if (performance.now() - stopAskedAt < SAME_SIGNAL_MS) return;
    say('Ended by force.');
    // what does not hear this notices that we are gone
    void (system?.killAll() ?? Promise.resolve()).finally(() => process.exit(130));
    return;
  }
  stopAskedAt = performance.now();
  stopping.abort();
  say('Stopping …');
  void system?.stop().then(() => process.exit(0), fail);
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const started = performance.now();
  await buildApps(say);
  if (stopping.signal.aborted) process.exit(0);
  say('Starting …');
  system = await startSystem({ onProgress: say, signal: stopping.signal });
  const { urls, brokers, mongoUri, managementUsername, managementPassword, dataDir } = system;
  say(`
The storefront runs (after ${((performance.now() - started) / 1_000).toFixed(1)} s).

  gateway      ${urls.gateway}
  accounts     ${urls.accounts}
  orders       ${urls.orders}
  fulfillment  ${urls.fulfillment}
  Kafka        ${brokers}
  documents    ${mongoUri.replace(/\/\/[^/]*@/, '//…@')}
  data         ${dataDir}
  operations   user ${managementUsername}, password ${managementPassword}

Ctrl-C stops it.
`);
}

process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
// tsx, which runs this file, is gone
process.on('disconnect', stop);
start().catch((error: unknown) => {
  if (stopping.signal.aborted) process.exit(0);
  fail(error);
});
