import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { say } from './command-line';
import { generatedDocs } from './docs/generated-docs';

const usage = `
usage: npm run docs -- [--check]

Writes docs/generated and the dashboards of monitoring/grafana/dashboards, from the sources that say them. With --check it writes nothing and ends with 1 when a file is
not what it would write.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    say(usage.trim());
    return 0;
  }
  const folder = join(__dirname, '..');
  const docs = Object.entries(await generatedDocs());
  const stale = docs.filter(([file, text]) => textOf(join(folder, file)) !== text);
  for (const [file, text] of stale) {
    say(values.check ? `${file} is not current: npm run docs` : `wrote ${file}`);
    if (values.check) continue;
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return values.check && stale.length > 0 ? 1 : 0;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

void main().then((code) => process.exit(code));
