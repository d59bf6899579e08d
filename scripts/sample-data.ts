import { parseArgs } from 'node:util';
import { messageOf, say } from './command-line';
import { orderTable } from './order-table';
import { sampleJourney } from './sample-journey';

const usage = `
usage: npm run sample-data -- [--url http://127.0.0.1:8080] [--patience 60]

Runs the sample journey against a gateway: sample customers, their orders, fulfillment, and every status back in Orders.
Waits for each event to arrive, at most --patience seconds, and exits with 1 if one does not. The services must have
SAMPLE_DATA=enabled.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      patience: { type: 'string', default: '60' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return say(usage.trim());
  const patienceMs = Number(values.patience) * 1_000;
  if (!(patienceMs > 0)) throw new Error(`--patience ${values.patience} is not a number of seconds`);
  const url = values.url.replace(/\/+$/, '');
  if (!URL.canParse(url)) throw new Error(`--url ${values.url} is not a URL`);
  say(`\n${orderTable(await sampleJourney({ url, say, patienceMs }))}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
