import { addressOf, secret, serviceEnvironment } from './access';
import { runCommand } from './command';
import { numberOf, say } from './command-line';
import { orderTable } from './order-table';
import { sampleJourney } from './sample-journey';
import { runningOn } from './system-access';
import { dataDirOf } from './system-settings';
import { WrongCall } from './wrong-call';

runCommand({
  name: 'sample-data',
  calls: ['[--url http://127.0.0.1:8080] [--token <text>] [--patience 60]'],
  about: `
Runs the sample journey against a gateway: sample customers, their orders, fulfillment, and every status back in Orders. Waits for each event to
arrive, and ends with 1 if one does not. The services must have SAMPLE_DATA=enabled.`,
  options: {
    url: {
      type: 'string',
      takes: '<address>',
      says: 'the gateway (that of the npm start that runs on this folder, else http://127.0.0.1:8080)',
    },
    token: {
      type: 'string',
      takes: '<text>',
      says: 'sent as a bearer token, where the gateway asks for one (STOREFRONT_TOKEN, which no list of processes shows)',
    },
    patience: { type: 'string', takes: '<seconds>', default: '60', says: 'how long each event may take to arrive' },
  },
  environment: {
    STOREFRONT_TOKEN: 'as --token; STOREFRONT_TOKEN_FILE names a file',
    STOREFRONT_DATA_DIR: serviceEnvironment.STOREFRONT_DATA_DIR,
  },
  run: async (values) => {
    const patienceMs = numberOf('patience', values.patience) * 1_000;
    if (patienceMs === 0) throw new WrongCall('--patience is more than 0 seconds.');
    const running = runningOn(dataDirOf(process.env))?.urls.gateway;
    const url = addressOf('--url', values.url ?? running ?? 'http://127.0.0.1:8080');
    const token = tokenOf(values.token ?? secret('STOREFRONT_TOKEN', process.env));
    say(`\n${orderTable(await sampleJourney({ url, token, say, patienceMs }))}`);
    return 0;
  },
});

/** What RFC 6750 has as a token, so that nothing else becomes a header. Throws WrongCall, without the text itself. */
function tokenOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[\w.~+/-]+=*$/.test(text)) return text;
  throw new WrongCall('The token (--token, STOREFRONT_TOKEN or the file of STOREFRONT_TOKEN_FILE) is no bearer token.');
}
