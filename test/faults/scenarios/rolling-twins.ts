import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../embedded/ports';
import { ServiceProcess } from '../../../scripts/service-process';
import { entryOf } from '../../../scripts/system-settings';
import { httpClient } from '../../http-client';
import { services } from '../../system/engines-apart';
import type { Whom } from '../../system/processes';
import type { Storefront } from '../../system/storefront';
import { Twins } from '../../system/twins';
import type { FaultRun } from '../fault-run';
import type { Scenario } from '../scenario';
import { unless, violations } from '../violation';

const READERS = 6;
const STOP_LIMIT_MS = 15_000;
const PATHS = [
  'GET /accounts/customers?size=5',
  'GET /orders/customers?size=5',
  'GET /fulfillment/fulfillments?size=5',
  'HEAD /accounts/customers',
  'OPTIONS /orders/orders',
];

/** Sends safe requests without a pause, and keeps what did not succeed. */
class Readers {
  private readonly failed: string[] = [];
  private readonly stopping = new AbortController();
  private sent = 0;
  private readonly ended: Promise<unknown>;

  constructor(url: string) {
    const request = httpClient(url);
    this.ended = Promise.all(Array.from({ length: READERS }, async (_, reader) => this.read(request, reader)));
  }

  async stop(): Promise<{ sent: number; failed: readonly string[] }> {
    this.stopping.abort();
    await this.ended;
    return { sent: this.sent, failed: this.failed };
  }

  private async read(request: ReturnType<typeof httpClient>, reader: number): Promise<void> {
    for (let turn = reader; !this.stopping.signal.aborted; turn++) {
      const [method = '', path = ''] = (PATHS[turn % PATHS.length] ?? '').split(' ');
      const answer = await request(method, path).catch((error: unknown) => String(error));
      this.sent++;
      if (typeof answer === 'string') this.failed.push(`${method} ${path}: ${answer}`);
      else if (answer.status >= 500) this.failed.push(`${method} ${path}: ${answer.status} ${answer.text}`);
      await sleep(10);
    }
  }
}

/** A gateway whose three services are two instances each, behind one address. */
async function gatewayBeforeTwins(
  storefront: Storefront,
): Promise<{ gateway: ServiceProcess; twins: Twins[]; url: string }> {
  const twins = await Promise.all(
    services.map((name) => Twins.before([storefront.url(name), storefront.url(`${name}-2` as Whom)])),
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const upstreams = Object.fromEntries(services.map((name, index) => [`${name.toUpperCase()}_URL`, twins[index]?.url]));
  const { username, password } = storefront.management;
  const gateway = new ServiceProcess({
    name: 'gateway',
    entry: entryOf('gateway'),
    url,
    env: {
      ...process.env,
      ...upstreams,
      PORT: String(port),
      HOST: '127.0.0.1',
      MANAGEMENT_SERVER_PORT: '0',
      MANAGEMENT_USERNAME: username,
      MANAGEMENT_PASSWORD: password,
    },
    nodeArgs: [],
    logFile: join(storefront.dataDir, 'gateway-before-twins.log'),
    restart: false,
    onProgress: () => {},
  });
  gateway.start();
  await gateway.ready();
  return { gateway, twins, url };
}

/** With a healthy twin beside, a restart costs no safe request. */
export const rollingTwins: Scenario = {
  name: 'rolling-restart-of-twins',
  family: 'instances',
  about:
    'two instances of every service stopped and started one after the other; no safe request through a gateway before both may fail',
  needs: { second: true },
  plan(chance) {
    const order = services.flatMap(
      (name): Whom[] =>
        chance.pick([
          [name, `${name}-2`],
          [`${name}-2`, name],
        ]) as Whom[],
    );
    let before: Awaited<ReturnType<typeof gatewayBeforeTwins>>;
    let readers: Readers;
    return {
      load: { workers: 2, pauseMs: 50 },
      deeds: [
        {
          atMs: 0,
          what: 'a gateway before both instances of each service, and readers',
          async do({ storefront }) {
            before = await gatewayBeforeTwins(storefront);
            readers = new Readers(before.url);
          },
        },
        ...order.map((whom, index) => ({
          atMs: 1_000 + index * 2_000 + chance.between(0, 500),
          what: `SIGTERM to ${whom}, then start it`,
          async do(run: FaultRun) {
            const { how, tookMs } = await run.storefront.terminate(whom);
            const isClean = how === 'exit code 0' && tookMs < STOP_LIMIT_MS;
            run.violated(...unless(isClean, `${whom} ended with ${how} after ${tookMs} ms`));
            await run.storefront.restart(whom);
          },
        })),
        {
          atMs: 15_000,
          what: 'the readers end',
          async do(run) {
            const { sent, failed } = await readers.stop();
            for (const one of before.twins) one.close();
            await before.gateway.stop(5_000);
            run.note(`${failed.length} of ${sent} safe requests failed`);
            run.violated(...unless(sent > 300, `only ${sent} safe requests were sent`), ...violations('other', failed));
          },
        },
      ],
    };
  },
};
