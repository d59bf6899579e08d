import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { fillMirror } from './providers';

/** A piece of a file, what is there instead, and what must be said of it. */
export interface Broken {
  readonly file: string;
  readonly whole: string;
  readonly broken: string;
  readonly told: string;
}

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** Modules of a registry are not to be had: what stands in for them has the inputs and outputs of these versions. */
const standIns: Readonly<Record<string, string>> = { eks: '~> 21.0', vpc: '~> 6.0' };

/** A copy of a folder in infra/ that Terraform can be asked about. */
export class Configuration {
  private constructor(
    private readonly folder: string,
    private readonly command: string,
  ) {}

  static prepare(
    source: string,
    scratch: string,
    { command, cache }: { command: string; cache: string },
  ): Configuration {
    const folder = join(scratch, basename(source));
    mkdirSync(folder);
    const files = readdirSync(source).filter((name) => name.endsWith('.tf'));
    const texts = files.map((name) => readFileSync(join(source, name), 'utf8'));
    for (const [index, name] of files.entries()) writeFileSync(join(folder, name), withStandIns(texts[index] ?? ''));
    cpSync(join(source, 'tests'), join(folder, 'tests'), { recursive: true });
    cpSync(join(__dirname, 'modules'), join(folder, 'modules'), { recursive: true });
    const configuration = new Configuration(folder, command);
    configuration.run(['get']);
    const asked = configuration.run(['providers']);
    const addresses = [...asked.matchAll(/provider\[(\S+)\]/g)].map(([, address = '']) => address);
    const mirror = join(scratch, `${basename(source)}-providers`);
    fillMirror(mirror, [...new Set(addresses)], texts.join('\n'), cache);
    configuration.run(['init', '-backend=false', '-input=false', `-plugin-dir=${mirror}`]);
    return configuration;
  }

  /** What `validate` says, warnings too. */
  invalid(): string[] {
    const { stdout, stderr } = this.spawn(['validate', '-json']);
    if (!stdout.startsWith('{')) return [stderr];
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
    return diagnostics.map(
      ({ summary, detail, range }) =>
        `${range ? `${range.filename}:${range.start.line}: ` : ''}${summary}${detail ? `: ${detail}` : ''}`,
    );
  }

  /** What its own tests say: they plan and apply it, with nobody at the other end. */
  untrue(): string[] {
    const { status, stdout, stderr } = this.spawn(['test']);
    return status === 0 ? [] : [stripVTControlCharacters(`${stdout}\n${stderr}`)];
  }

  /** What is said with a piece of a file changed. */
  with<T>({ file, whole, broken }: Broken, asked: (changed: this) => T): T {
    const path = join(this.folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(whole)) throw new Error(`${file} has no ${whole}`);
    writeFileSync(path, text.replace(whole, broken));
    try {
      return asked(this);
    } finally {
      writeFileSync(path, text);
    }
  }

  private run(args: readonly string[]): string {
    const { status, stdout, stderr } = this.spawn(args);
    if (status === 0) return stdout;
    const said = stripVTControlCharacters(`${stdout}\n${stderr}`).trim();
    throw new Error(`${basename(this.command)} ${args[0]} failed: ${said}`);
  }

  private spawn(args: readonly string[]) {
    const settings = join(this.folder, '.terraformrc');
    writeFileSync(settings, '');
    const env = { ...process.env, TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
    const { error, ...said } = spawnSync(this.command, args, { cwd: this.folder, env, encoding: 'utf8' });
    if (error) throw error;
    return said;
  }
}

function withStandIns(text: string): string {
  return text.replace(
    /source( +)= "terraform-aws-modules\/(\w+)\/aws"\n +version += "([^"]*)"/g,
    (_, space: string, name: string, version: string) => {
      if (standIns[name] !== version) throw new Error(`no module stands in for ${name} ${version}`);
      return `source${space}= "./modules/${name}"`;
    },
  );
}
