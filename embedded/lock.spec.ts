import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { livingHolder, takeLock, withLock } from './lock';
import { startMark } from './processes';

const folder = mkdtempSync(join(tmpdir(), 'storefront-lock-'));
const fileOf = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const leave = (file: string, holder: object) => writeFileSync(file, JSON.stringify({ nonce: 'earlier', ...holder }));

test('one has it until it gives it back', () => {
  const file = fileOf('one');
  const lock = takeLock(file);
  expect(lock?.wasLeftBehind).toBe(false);
  expect(livingHolder(file)).toBe(process.pid);
  expect(takeLock(file)).toBeUndefined();
  lock?.release();
  expect(existsSync(file)).toBe(false);
  const next = takeLock(file);
  lock?.release();
  expect(livingHolder(file)).toBe(process.pid);
  next?.release();
});

test('work under one lock is done one after the other', async () => {
  const done: string[] = [];
  const work = async (name: string) => {
    done.push(`${name} begins`);
    await new Promise((resume) => setImmediate(resume));
    done.push(`${name} ends`);
  };
  await Promise.all(['a', 'b'].map((name) => withLock(fileOf('work'), () => work(name))));
  expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a lock left behind can be taken, also where its number is another process by now', () => {
  const gone = { pid: 2 ** 22 + 1, startMark: 'then' };
  const reused = { pid: process.ppid, startMark: 'before the reboot' };
  for (const [name, holder] of Object.entries({ gone, reused })) {
    leave(fileOf(name), holder);
    expect(livingHolder(fileOf(name))).toBeUndefined();
    const lock = takeLock(fileOf(name));
    expect(lock?.wasLeftBehind).toBe(true);
    lock?.release();
  }
  leave(fileOf('living'), { pid: process.ppid, startMark: startMark(process.ppid) });
  expect(takeLock(fileOf('living'))).toBeUndefined();
});

test('what an earlier version left is no lock', () => {
  writeFileSync(fileOf('number'), `${process.ppid}\n`);
  expect(takeLock(fileOf('number'))?.wasLeftBehind).toBe(true);
});

test('of several processes that find locks left behind at the same moment one gets each', async () => {
  const files = Array.from({ length: 200 }, (_, n) => fileOf(`contended-${n}`));
  for (const file of files) leave(file, { pid: 2 ** 22 + 1, startMark: 'then' });
  const at = String(Date.now() + 2_500);
  const takers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', 'tsx', resolve('embedded/testing/take-lock.ts'), at, ...files]),
  );
  const got = await Promise.all(
    takers.map(
      async ({ stdout }) => new Promise<string>((done) => stdout.once('data', (data: Buffer) => done(String(data)))),
    ),
  );
  for (const taker of takers) taker.kill('SIGKILL');
  expect(got.flatMap((one) => JSON.parse(one) as string[]).toSorted()).toEqual(files.toSorted());
  expect(readdirSync(folder).filter((name) => name.includes('.stale'))).toEqual([]);
}, 30_000);
