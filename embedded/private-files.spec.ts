import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFile, privateFolder, withPrivateFiles } from './private-files';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
let dir: string;

beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'private-'))));
afterEach(() => rmSync(dir, { recursive: true }));

describe('what is kept on disk is for its owner alone', () => {
  it('in a new folder, and in one that everybody could enter', () => {
    const folders = ['new', 'open'].map((name) => join(dir, name));
    mkdirSync(join(dir, 'open'));
    chmodSync(join(dir, 'open'), 0o755);
    for (const folder of folders) privateFolder(folder);
    expect(folders.map(modeOf)).toEqual(['700', '700']);
  });

  it('in a file that everybody could read; one that is not there is not made', () => {
    const file = join(dir, 'documents.mv');
    privateFile(file);
    expect(() => statSync(file)).toThrow('ENOENT');
    writeFileSync(file, 'x');
    chmodSync(file, 0o644);
    privateFile(file);
    expect(modeOf(file)).toBe('600');
  });

  it('in what a process makes that was started so; the next one is as before', () => {
    const before = process.umask();
    const [made, other] = [join(dir, 'a'), join(dir, 'b')];
    withPrivateFiles(() => spawnSync(process.execPath, ['-e', `fs.writeFileSync(${JSON.stringify(made)}, '')`]));
    spawnSync(process.execPath, ['-e', `fs.writeFileSync(${JSON.stringify(other)}, '')`]);
    expect(modeOf(made)).toBe('600');
    expect(modeOf(other)).toBe((0o666 & ~before).toString(8));
    expect(() =>
      withPrivateFiles(() => {
        throw new Error('not started');
      }),
    ).toThrow('not started');
    expect(process.umask()).toBe(before);
  });
});
