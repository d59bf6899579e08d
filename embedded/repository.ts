import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package.json named "storefront", at or above the current directory. */
export function repositoryRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && nameIn(file) === 'storefront') return folder;
    if (dirname(folder) === folder)
      throw new Error(`Run this inside the storefront repository, not in ${process.cwd()}.`);
  }
}

function nameIn(packageFile: string): unknown {
  const content: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
  return typeof content === 'object' && content !== null && 'name' in content ? content.name : undefined;
}
