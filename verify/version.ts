import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** The version of the services and of their images, as package.json has it. */
export const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** What a file of `NAME=value` lines says; empty lines and lines that begin with `#` say nothing. */
export function settingsIn(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^[ \t]*([^#=\s]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

const installed = settingsIn(readFileSync(join(root, 'k8s/versions.env'), 'utf8'));

/** The version of what deploy.sh installs, by its name in k8s/versions.env. Throws for a name that is not there. */
export function installedVersion(name: string): string {
  const found = installed.get(name);
  if (found === undefined) throw new Error(`k8s/versions.env has no ${name}`);
  return found;
}
