import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { output } from '../tools';
import { GeneratedFile } from './bindings';
import type { Block } from './schema';
import { archive, type Bindings, bindings, kafkaProvider, schemaProvider } from './tools';

interface Schema {
  readonly block: Block;
}

/** A type, and the folder of its bindings. */
type Part = readonly [type: string, folder: string];

/** Puts each provider that a configuration asks for where `terraform init -plugin-dir` finds it. */
export function fillMirror(mirror: string, addresses: readonly string[], text: string, cache: string): void {
  const [os = '', arch = ''] = output('go', ['env', 'GOOS', 'GOARCH']).trim().split('\n');
  const place = (address: string, version: string) => {
    const folder = join(mirror, address.toLowerCase(), version, `${os}_${arch}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  for (const address of addresses) {
    const name = address.split('/').at(-1) ?? '';
    const its = bindings[name];
    if (its) {
      const { version, schemas } = schemasOf(name, its, text, cache);
      const folder = place(address, version);
      writeFileSync(join(folder, 'schema.json'), JSON.stringify(schemas));
      copyFileSync(schemaProvider(cache), join(folder, `terraform-provider-${name}_v${version}`));
    } else if (name === 'kafka') {
      const { file, version } = kafkaProvider(cache);
      copyFileSync(file, join(place(address, version), `terraform-provider-${name}_v${version}`));
    } else throw new Error(`nobody knows the schema of ${address}`);
  }
}

/** Of the provider itself and of each type in the text that its bindings know. */
function schemasOf(name: string, its: Bindings, text: string, cache: string) {
  const resources = typesIn(text, 'resource', name).map((type): Part => [type, dashed(type.slice(name.length + 1))]);
  const dataSources = typesIn(text, 'data', name).map((type): Part => [type, `data-${dashed(type)}`]);
  const to = mkdtempSync(join(tmpdir(), 'storefront-bindings-'));
  try {
    const parts = [...resources, ...dataSources].map(([, part]) => part);
    const of = extracted(archive(cache, its), join('package', its.folder), to, ['provider', ...parts]);
    const schemas = (wanted: readonly Part[]) =>
      Object.fromEntries(
        wanted.flatMap(([type, part]): [string, Schema][] => {
          const folder = of(part);
          return folder === '' ? [] : [[type, { block: blockOf(type, folder) }]];
        }),
      );
    const provider = generated(of('provider'));
    const block = provider.block();
    // Terraform's own
    const { alias: _, ...attributes } = block.attributes;
    return {
      version: provider.version,
      schemas: {
        provider: { block: { ...block, attributes } },
        resource_schemas: schemas(resources),
        data_source_schemas: schemas(dataSources),
      },
    };
  } finally {
    rmSync(to, { recursive: true });
  }
}

function generated(folder: string): GeneratedFile {
  const read = (end: string) => readFileSync(join(folder, `index.${end}`), 'utf8');
  return new GeneratedFile(basename(folder), read('js'), read('d.ts'));
}

function blockOf(type: string, folder: string): Block {
  const file = generated(folder);
  if (file.type !== type) throw new Error(`${type}: its bindings are of ${file.type}`);
  return file.block();
}

/** Takes folders out of an archive and tells where each is; those that it does not have are nowhere. */
function extracted(file: string, inside: string, to: string, parts: readonly string[]): (part: string) => string {
  const members = new Set(output('tar', ['-tzf', file]).split('\n'));
  const has = (part: string) => members.has(`${inside}/${part}/index.js`);
  const wanted = [...new Set(parts)].filter(has);
  output('tar', [
    '-xzf',
    file,
    '-C',
    to,
    ...wanted.flatMap((part) => ['js', 'd.ts'].map((end) => `${inside}/${part}/index.${end}`)),
  ]);
  return (part) => (has(part) ? join(to, inside, part) : '');
}

function typesIn(text: string, kind: string, provider: string): string[] {
  const found = [...text.matchAll(new RegExp(`^ *${kind} "(${provider}_\\w+)"`, 'gm'))].map(([, type = '']) => type);
  return [...new Set(found)];
}

function dashed(name: string): string {
  return name.replaceAll('_', '-');
}
