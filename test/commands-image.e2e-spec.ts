import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';
import { runningOn } from '../scripts/system-access';
import { customerBody } from './system/bodies';
import { endOf } from './system/command';
import { Storefront } from './system/storefront';

const root = repositoryRoot();
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

/** What the stage `command-files` takes from the build, and the launcher that it writes, `/storefront` being this folder. */
function layOut(folder: string): string {
  const [, stage = ''] = /AS command-files\n([^]*?)\n\n/.exec(dockerfile) ?? [];
  const copied = [...stage.matchAll(/^COPY (?:--from=build \/storefront\/)?(\S+) \.\/(\S*)$/gm)];
  for (const [, from = '', to = ''] of copied) cpSync(join(root, from), join(folder, to || from), { recursive: true });
  const [, launcher = ''] = /printf '([^']+)'/.exec(stage) ?? [];
  const script = launcher.replaceAll('\\n', '\n').replaceAll('"/storefront', `"${folder}`);
  const [shebang = '', ...lines] = script.split('\n');
  expect(shebang).toBe('#!/nodejs/bin/node');
  writeFileSync(join(folder, 'launcher.js'), lines.join('\n'));
  linkProductionPackages(join(folder, 'node_modules'));
  return join(folder, 'launcher.js');
}

/** The packages of `npm ci --omit=dev --omit=optional`: a command that needs another one does not find it. */
function linkProductionPackages(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
  };
  for (const [path, { dev, optional, devOptional }] of Object.entries(packages)) {
    const [, name = ''] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    if (name === '' || dev || optional || devOptional) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(root, path), join(folder, name));
  }
}

describe("the image of the operators' commands", () => {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-image-'));
  let storefront: Storefront;
  let launcher: string;
  let secrets: string;

  beforeAll(async () => {
    storefront = await Storefront.start();
    launcher = layOut(folder);
    secrets = mkdtempSync(join(tmpdir(), 'storefront-secrets-'));
    writeFileSync(join(secrets, 'password'), `${storefront.operations['MANAGEMENT_PASSWORD']}\n`);
    writeFileSync(join(secrets, 'uri'), `${runningOn(storefront.systemDataDir)?.mongoUri}\n`);
    const put = await storefront.request('PUT', '/accounts/customers/ada', customerBody('ada'));
    if (put.status > 299) throw new Error(put.text);
    await storefront.settled();
  });
  afterAll(async () => {
    await storefront.stop();
    for (const each of [folder, secrets]) rmSync(each, { recursive: true, force: true });
  });

  const started = (args: readonly string[]) => {
    const { ACCOUNTS_URL, ORDERS_URL, FULFILLMENT_URL, KAFKA_BROKERS, MANAGEMENT_USERNAME } = storefront.operations;
    return spawn(process.execPath, [launcher, ...args], {
      cwd: '/',
      // as k8s/base/toolbox has them
      env: {
        ACCOUNTS_URL,
        ORDERS_URL,
        FULFILLMENT_URL,
        KAFKA_BROKERS,
        MANAGEMENT_USERNAME,
        MANAGEMENT_PASSWORD_FILE: join(secrets, 'password'),
        MONGODB_URI_FILE: join(secrets, 'uri'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };

  const run = (...args: string[]) => endOf(started(args));

  it('has each command, compiled, with the packages of production alone', async () => {
    const before = readdirSync(folder);
    const calls: [args: string[], says: RegExp][] = [
      [['parked', 'list'], /^orders:\nNothing is parked\.\n/],
      [['reconcile', '--pause', '0.5'], /customers/],
      [['republish', '--topic', 'accounts.customer.change', '--list'], /./],
      [['rebuild'], /customers/],
      [['partitions', '--topic', 'accounts.customer.change', '--count', '4'], /./],
      [['kafka:topics'], /accounts\.customer\.change/],
      [['migrate:orders'], /^customer\.orders: 0 orders/],
      [['kafka:acls', '--help'], /^usage: storefront kafka:acls \[--apply\]/],
    ];
    for (const [args, says] of calls) {
      const { code, stdout, stderr } = await run(...args);
      // reconcile tells there what it does
      expect([args, code === 0 ? '' : stderr, code]).toEqual([args, '', 0]);
      expect(stdout).toMatch(says);
    }
    // the root is read-only in a cluster
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says which commands there are, and ends with 2 for another one', async () => {
    const help = await run('--help');
    expect([help.code, help.stdout]).toEqual([
      0,
      expect.stringMatching(/^usage: storefront <command>.*migrate:orders/s),
    ]);
    expect(await run('reconcil')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^There is no command reconcil\.\nusage:/),
    });
    expect(await run('toString')).toMatchObject({ code: 2 });
    expect(await run('reconcile', '--no-such')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage: storefront reconcile'),
    });
  });

  it('waits until it is told to end', async () => {
    const child = started(['wait']);
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve([code, signal])));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
