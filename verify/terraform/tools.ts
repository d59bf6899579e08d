import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { built, type Source } from '../go-tools';
import { has, output } from '../tools';

/** Terraform's own module cannot be built by others (it lacks the parts that it replaces): its sibling reads the same files. */
const openTofu: Source = {
  module: 'github.com/opentofu/opentofu',
  version: 'v1.10.10',
  commands: { tofu: 'github.com/opentofu/opentofu/cmd/tofu' },
  replaced: (goMod) => [...goMod.matchAll(/^replace (.* => .*)$/gm)].map(([, each = '']) => each),
  flags: '',
};

const kafka: Source = {
  module: 'github.com/Mongey/terraform-provider-kafka',
  version: 'v0.13.1',
  commands: { 'terraform-provider-kafka': 'github.com/Mongey/terraform-provider-kafka' },
  replaced: () => [],
  flags: '',
};

/** A package of bindings that were generated of a provider's schema. */
export interface Bindings {
  readonly package: string;
  /** Where a type's folder is in it. */
  readonly folder: string;
}

export const bindings: Readonly<Record<string, Bindings>> = {
  aws: { package: '@cdktn/provider-aws@25.7.0', folder: 'lib' },
  mongodbatlas: { package: '@cdktf-providers/mongodb-mongodbatlas@2.3.0', folder: 'dist' },
  random: { package: '@cdktf/provider-random@12.0.1', folder: 'lib' },
};

/** The command that validates. */
export function terraformTool(cache: string): string {
  return has('terraform', 'version') ? 'terraform' : (built(cache, openTofu)['tofu'] ?? '');
}

export function kafkaProvider(cache: string): { readonly file: string; readonly version: string } {
  return { file: built(cache, kafka)['terraform-provider-kafka'] ?? '', version: kafka.version.slice(1) };
}

/** A provider that only tells a schema. */
export function schemaProvider(cache: string): string {
  const file = join(cache, 'terraform-provider-of-a-schema');
  const env = { ...process.env, GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOFLAGS: '' };
  output('nice', ['go', 'build', '-trimpath', '-ldflags', '-s -w', '-o', file, '.'], {
    cwd: join(__dirname, 'provider'),
    env,
  });
  return file;
}

/** The archive of a package of bindings. */
export function archive(cache: string, { package: name }: Bindings): string {
  const file = join(cache, `${name.replaceAll(/[@/]+/g, '-').slice(1)}.tgz`);
  if (existsSync(file)) return file;
  const [made = ''] = output('npm', ['pack', name, '--silent', '--pack-destination', cache])
    .trim()
    .split('\n')
    .slice(-1);
  renameSync(join(cache, made), file);
  return file;
}
