import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAnew } from '../../scripts/build-apps';
import { messageOf, onlyHelp, say } from '../../scripts/command-line';
import { exporterDashboards, serviceDashboards } from '../grafana/dashboards';
import { inhibitionFaults } from './inhibitions';
import { MonitoredStorefront } from './monitored-storefront';
import { type PanelQuery, panelQueries } from './panel-queries';
import { hasPrometheus, type Prometheus } from './prometheus';

onlyHelp(`
usage: npm run check:monitoring

Checks monitoring/: the rules and their tests by promtool, and that every query of every dashboard, every recording rule and
every metric that a page of docs/operations/alerts names has data in a real Prometheus that watches the system under load
(queries of the boards about Kafka's and MongoDB's exporters are only parsed).
Needs Prometheus (Debian: prometheus); without it nothing is checked.
`);

const root = join(__dirname, '../..');
const rulesFile = join(root, 'monitoring/prometheus/storefront.rules.yaml');
const patienceMs = 75_000;

async function main(): Promise<number> {
  if (!hasPrometheus()) {
    say('check:monitoring is skipped: there is no prometheus and promtool here (Debian: apt-get install prometheus).');
    return 0;
  }
  await buildAnew();
  const checks = [
    ['check', 'config', join(root, 'monitoring/prometheus/prometheus.yaml')],
    ['test', 'rules', rulesFile.replace('.yaml', '.test.yaml')],
  ];
  for (const args of checks) if (spawnSync('promtool', args, { stdio: 'inherit' }).status !== 0) return 1;
  const faults = await inhibitionFaults();
  if (faults === undefined)
    say('inhibitions are not checked: there is no Alertmanager here (Debian: prometheus-alertmanager).');
  for (const fault of faults ?? []) say(fault);
  if (faults !== undefined && faults.length > 0) return 1;
  const system = await MonitoredStorefront.start(readFileSync(rulesFile, 'utf8'));
  try {
    await park(system);
    // there are no exporters here: these are only parsed
    const parsed = panelQueries(exporterDashboards);
    for (const { expression } of parsed) await system.prometheus.query(expression);
    say(`${parsed.length} queries about exporters are expressions.`);
    const missing = await missingAfterPatience(system.prometheus);
    for (const { where, expression } of missing) say(`no data: ${where}: ${expression}`);
    return missing.length === 0 ? 0 : 1;
  } finally {
    await system.stop();
  }
}

/** Something that cannot be applied, and a request that nobody can answer. */
async function park({ storefront }: MonitoredStorefront): Promise<void> {
  await storefront.topics.send('accounts.customer.change', [{ key: 'poison', value: '{"id":' }]);
  await storefront.request('GET', '/orders/orders/nobody');
}

async function missingAfterPatience(prometheus: Prometheus): Promise<PanelQuery[]> {
  const begin = performance.now();
  const all = [...panelQueries(serviceDashboards), ...recordings()];
  for (let missing = all; ; await sleep(2_000)) {
    missing = (await Promise.all(missing.map((query) => withoutData(prometheus, query)))).flat();
    const unknown = missing.length === 0 ? await unknownMetrics(prometheus) : [];
    const tookMs = Math.round(performance.now() - begin);
    if (missing.length === 0 && unknown.length === 0) {
      say(`${all.length} queries have data, after ${Math.round(tookMs / 1_000)} s of load.`);
      return [];
    }
    if (tookMs > patienceMs) return [...missing, ...unknown];
  }
}

async function withoutData(prometheus: Prometheus, query: PanelQuery): Promise<PanelQuery[]> {
  const samples = await prometheus.query(query.expression);
  return samples.some(({ value }) => !Number.isNaN(value)) ? [] : [query];
}

function recordings(): PanelQuery[] {
  const records = [...readFileSync(rulesFile, 'utf8').matchAll(/record: (\S+)/g)];
  return records.map(([, name = '']) => ({ where: 'recording rule', expression: name }));
}

/** Told only while there are some. */
const onlyWithPositions = 'parked_positions_expire_seconds';

/** Names in the pages of alerts that Prometheus has never heard of. */
async function unknownMetrics(prometheus: Prometheus): Promise<PanelQuery[]> {
  const known = await prometheus.metricNames();
  const folder = join(root, 'docs/operations/alerts');
  return readdirSync(folder).flatMap((page) => {
    const code = [...readFileSync(join(folder, page), 'utf8').matchAll(/`([^`]*)`/g)].map(([, text = '']) => text);
    const names = code.flatMap((text) => text.match(/\b[a-z]+(_[a-z0-9]+)+\b(?=[ {[]|$)/g) ?? []);
    return names
      .filter((name) => !known.has(name) && name !== onlyWithPositions)
      .map((name) => ({ where: `docs/operations/alerts/${page}`, expression: name }));
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
