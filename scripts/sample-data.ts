import { addressOf, serviceEnvironment } from './access';
import { runCommand } from './command';
import { numberOf, say } from './command-line';
import { orderTable } from './order-table';
import { sampleJourney } from './sample-journey';
import { runningOn } from './system-access';
import { dataDirOf } from './system-settings';
import { WrongCall } from './wrong-call';

runCommand({
  name: 'sample-data',
  calls: ['[--url http://127.0.0.1:8080] [--patience 60]'],
  about: `
Runs the sample journey against a gateway: sample customers, their orders, fulfillment, and every status back in Orders. Waits for each event to
arrive, and ends with 1 if one does not. The services must have SAMPLE_DATA=enabled.`,
  options: {
    url: {
      type: 'string',
      takes: '<address>',
      says: 'the gateway (that of the npm start that runs on this folder, else http://127.0.0.1:8080)',
    },
    patience: { type: 'string', takes: '<seconds>', default: '60', says: 'how long each event may take to arrive' },
  },
  environment: { STOREFRONT_DATA_DIR: serviceEnvironment.STOREFRONT_DATA_DIR },
  run: async (values) => {
    const patienceMs = numberOf('patience', values.patience) * 1_000;
    if (patienceMs === 0) throw new WrongCall('--patience is more than 0 seconds.');
    const running = runningOn(dataDirOf(process.env))?.urls.gateway;
    const url = addressOf('--url', values.url ?? running ?? 'http://127.0.0.1:8080');
    say(`\n${orderTable(await sampleJourney({ url, say, patienceMs }))}`);
    return 0;
  },
});
