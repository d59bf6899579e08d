import { onlyHelp, say } from './command-line';
import { addresses, inForeground } from './foreground';

onlyHelp(`
usage: npm start

Builds what is older than its sources, starts Kafka, the document store, the three services and the gateway, and keeps
them running until Ctrl-C. A second Ctrl-C ends everything at once.

  KAFKA_BROKERS, MONGODB_URI     servers of your own instead of the embedded ones
  GATEWAY_PORT 8080  ACCOUNTS_PORT 8085  ORDERS_PORT 8090  FULFILLMENT_PORT 8095  KAFKA_PORT 9092  MONGODB_PORT 27017
  GATEWAY_MANAGEMENT_PORT 8079   the guarded management endpoints of the gateway
                                 0 = any free one
  STOREFRONT_DATA_DIR            where Kafka, documents and logs are kept (.storefront); npm run clean deletes it
  MANAGEMENT_PASSWORD            for operational endpoints; generated and printed if unset
  LOG_FORMAT, LOG_LEVEL          json or pretty; info
`);

const started = performance.now();

inForeground({
  run: async (system) => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    say(`\nThe storefront runs (after ${seconds} s).\n\n${addresses(system)}\n\nCtrl-C stops it.\n`);
    return undefined;
  },
});
