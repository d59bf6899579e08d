import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../embedded/repository';
import { buildApps } from '../build-apps';

const print = `
  const { problems, problemPage } = await import(process.argv[1]);
  process.stdout.write(JSON.stringify(Object.fromEntries(problems.map((each) => [each.kind, problemPage(each)]))));
`;

/** The pages about the kinds of problems as every process serves them, by kind. Builds what is not built. */
export async function problemPages(): Promise<Readonly<Record<string, string>>> {
  await buildApps();
  const file = pathToFileURL(join(repositoryRoot(), 'dist', 'libs', 'hal', 'src', 'problems.js')).href;
  const args = ['--input-type=module', '--eval', print, file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The pages of problems cannot be read:\n${stderr}`);
  return JSON.parse(stdout) as Record<string, string>;
}
