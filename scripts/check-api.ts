import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../test/eventually';
import { buildAnew } from './build-apps';
import { messageOf, onlyHelp, say } from './command-line';
import { schemathesis } from './schemathesis';
import { ANY_PORTS, startSystem, type System } from './system';

onlyHelp(`
usage: npm run check:api

Schemathesis sends what the OpenAPI documents allow, and what they do not, to the running services: no answer may be a 5xx or one
that its document does not tell of (status, content type, schema, headers); other methods than it tells of are 405, what was created
is there, what was deleted is gone. Needs Python 3 with venv and pip, or a PyPI installation of Schemathesis that SCHEMATHESIS names;
without them nothing is checked.
`);

const services = ['accounts', 'orders', 'fulfillment'] as const;

/**
 * The others are off: negative_data_rejection, positive_data_acceptance and missing_required_header (odd paging is taken on
 * purpose; ids and states decide too), ignored_auth (there is no authentication). 503 is a 5xx too, so that waiting for a version is
 * left to read-your-own-writes.e2e-spec.
 */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'unsupported_method',
  'use_after_free',
  'ensure_resource_availability',
];
const maxSecondsEach = 60;

async function main(): Promise<number> {
  const tool = schemathesis();
  if (tool === undefined) {
    say('check:api is skipped: there is no Python with venv and pip here (Debian: apt-get install python3-venv).');
    return 0;
  }
  await buildAnew();
  const dataDir = mkdtempSync(join(tmpdir(), 'storefront-api-'));
  const system = await startSystem({
    env: { ...ANY_PORTS, STOREFRONT_DATA_DIR: dataDir, SAMPLE_DATA: 'enabled' },
    silent: true,
  });
  try {
    await createSampleData(system);
    const failed = services.filter((service) => !passes(tool, service, system.urls[service], dataDir));
    for (const service of failed) say(`${service} answers what its document does not tell of.`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** There are customers, orders and fulfillments to be found. */
async function createSampleData({ urls }: System): Promise<void> {
  await fetch(`${urls.accounts}/customers/sample`, { method: 'POST' });
  await eventually(() => total(`${urls.orders}/customerOrderses`), isSome);
  await placeOrders(urls.orders);
  await fetch(`${urls.orders}/customers/sample/orders`, { method: 'POST' });
  await fetch(`${urls.orders}/customers/sample/fulfill`, { method: 'POST' });
  await eventually(() => total(`${urls.fulfillment}/fulfillments`), isSome);
}

/** Each customer's first order is one that can still be moved: the document's links lead to it. */
async function placeOrders(url: string): Promise<void> {
  const { _embedded } = await json<Customers>(`${url}/customerOrderses`);
  const { _embedded: catalogue } = await json<Products>(`${url}/products`);
  const items = catalogue.products.slice(0, 1).map(({ guid }) => ({ product: guid, quantity: 1 }));
  for (const { _links } of _embedded.customerOrderses) {
    const orders = _links.orders.href.replace(/\{.*/, '');
    const headers = { 'content-type': 'application/json' };
    await fetch(orders, { method: 'POST', headers, body: JSON.stringify({ items }) });
  }
}

interface Customers {
  readonly _embedded: { readonly customerOrderses: readonly { _links: { orders: { href: string } } }[] };
}

interface Products {
  readonly _embedded: { readonly products: readonly { guid: string }[] };
}

async function json<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

const isSome = (count: number) => count > 0;

async function total(url: string): Promise<number> {
  return (await json<{ page: { totalElements: number } }>(url)).page.totalElements;
}

/**
 * The sample URLs are left out: they take away the data that the others are about; and OPTIONS, which tells of a path, also of one
 * that nothing is at any more: api specs compare it with the document. The token is one that no service waits for.
 */
function passes(tool: string, service: string, url: string, cwd: string): boolean {
  const args = [
    `run ${url}/v3/api-docs --url ${url} --checks ${checks.join(',')}`,
    `--phases examples,coverage,fuzzing,stateful --max-examples 10 --max-time ${maxSecondsEach}`,
    '--seed 1 --generation-database none --suppress-health-check all --no-color --exclude-path-regex /sample --exclude-method OPTIONS',
  ].flatMap((line) => line.split(' '));
  const header = ['--header', 'Consistency-Token: order:any:1'];
  const { status, stdout, stderr } = spawnSync(tool, [...args, ...header], {
    encoding: 'utf8',
    cwd,
    maxBuffer: Infinity,
  });
  // a report of hundreds of lines is for who has something to mend
  say(status === 0 ? `${service}: ${stdout.match(/\d+ generated, .*/)?.[0] ?? 'passed'}` : `${stdout}${stderr}`);
  return status === 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
