import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../embedded/ports';
import { endProcess } from '../../embedded/processes';
import { eventually } from '../../test/eventually';

const config = join(__dirname, '../alertmanager/alertmanager.yaml');

export interface Firing {
  readonly alertname: string;
  readonly job: string;
  readonly instance?: string;
  readonly topic?: string;
}

/** Alerts that fire together, by the cause that is to be told of alone. */
const incidents: readonly { readonly cause: Firing; readonly follows: readonly Firing[]; readonly apart: Firing }[] = [
  {
    cause: { alertname: 'StorefrontKafkaDown', job: 'orders', instance: 'o1' },
    follows: [
      { alertname: 'StorefrontConsumerStopped', job: 'orders', instance: 'o1' },
      { alertname: 'StorefrontOutboxStuck', job: 'orders', instance: 'o1' },
      { alertname: 'StorefrontPartitionStalled', job: 'orders', topic: 'a' },
    ],
    apart: { alertname: 'StorefrontOutboxStuck', job: 'accounts', instance: 'a1' },
  },
  {
    cause: { alertname: 'StorefrontStoreDown', job: 'orders', instance: 'o1' },
    follows: [
      { alertname: 'StorefrontConsumerPaused', job: 'orders', instance: 'o1', topic: 'a' },
      { alertname: 'StorefrontServerErrors', job: 'orders' },
      { alertname: 'StorefrontConsumerLagging', job: 'orders', topic: 'a' },
    ],
    apart: { alertname: 'StorefrontEventsParked', job: 'orders', topic: 'a' },
  },
  {
    cause: { alertname: 'StorefrontServiceDown', job: 'orders', instance: 'o1' },
    follows: [{ alertname: 'StorefrontEventLoopBlocked', job: 'orders', instance: 'o1' }],
    apart: { alertname: 'StorefrontEventLoopBlocked', job: 'orders', instance: 'o2' },
  },
  {
    cause: { alertname: 'StorefrontPartitionStalled', job: 'orders', topic: 'a' },
    follows: [
      { alertname: 'StorefrontConsumerLagging', job: 'orders', topic: 'a' },
      { alertname: 'StorefrontSlowDelivery', job: 'orders', topic: 'a' },
    ],
    apart: { alertname: 'StorefrontSlowDelivery', job: 'orders', topic: 'b' },
  },
  {
    cause: { alertname: 'StorefrontLanesExhausted', job: 'orders', topic: 'a' },
    follows: [{ alertname: 'StorefrontEventsParked', job: 'orders', topic: 'a' }],
    apart: { alertname: 'StorefrontEventsParked', job: 'orders', topic: 'b' },
  },
];

/** Debian has it as `prometheus-alertmanager`, others as `alertmanager`. */
function alertmanager(): string | undefined {
  return ['prometheus-alertmanager', 'alertmanager'].find((name) => spawnSync(name, ['--version']).status === 0);
}

/**
 * Gives a real Alertmanager, with the project's configuration, the alerts of each incident, and returns what it does not do:
 * notify of the cause and of what is apart, and suppress what follows. Undefined where there is no Alertmanager.
 */
export async function inhibitionFaults(): Promise<string[] | undefined> {
  const program = alertmanager();
  if (program === undefined) return undefined;
  const faults: string[] = [];
  for (const { cause, follows, apart } of incidents) {
    const suppressed = await suppressedOf(program, [cause, apart, ...follows]);
    const expected = follows.map(nameOf).toSorted().join(', ');
    const found = suppressed.toSorted().join(', ');
    if (found !== expected)
      faults.push(`with ${nameOf(cause)}: suppressed are ${found || 'none'} instead of ${expected}`);
  }
  return faults;
}

async function suppressedOf(program: string, firing: readonly Firing[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-alertmanager-'));
  const [port, log] = [await freePort(), openSync(join(folder, 'log'), 'w')];
  const options = [`--config.file=${config}`, `--storage.path=${folder}`, '--cluster.listen-address='];
  const { pid } = spawn(program, [...options, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: ['ignore', log, log],
  });
  if (pid === undefined) throw new Error(`${program} cannot be started.`);
  try {
    const url = `http://127.0.0.1:${port}/api/v2/alerts`;
    const isUp = async () => (await fetch(url).catch(() => undefined))?.ok;
    await eventually(isUp, (up) => up === true, 30_000);
    const body = JSON.stringify(firing.map((labels) => ({ labels })));
    await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const alerts = async () => (await (await fetch(url)).json()) as Reported[];
    // an inhibition is decided when the alert's group is notified: group_wait
    const isDecided = (all: Reported[]) =>
      all.length === firing.length && all.every(({ status }) => status.state !== 'unprocessed');
    const all = await eventually(alerts, isDecided, 60_000);
    return all.filter(({ status }) => status.state === 'suppressed').map(({ labels }) => nameOf(labels));
  } finally {
    await endProcess(pid, 5_000);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Reported {
  readonly labels: Firing;
  readonly status: { readonly state: 'unprocessed' | 'active' | 'suppressed' };
}

function nameOf({ alertname, job, instance, topic }: Firing): string {
  return [alertname, job, instance, topic].filter(Boolean).join(' ');
}
