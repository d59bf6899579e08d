import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { findJava, findMaven } from './java';
import { withLock } from './lock';
import { freePort } from './ports';
import { repositoryRoot } from './repository';

type Progress = (line: string) => void;

const TELL_EVERY_MS = 5_000;

const folder = () => join(repositoryRoot(), 'embedded');
const target = () => join(folder(), 'target');
const stamp = () => join(target(), 'built-from');
const archive = () => join(target(), 'classes.jsa');

export const jarFile = (): string => join(target(), 'storefront-embedded.jar');

/** Enough for laptops and tests; 50,000 documents read at once need more. */
const HEAP_MB = 320;

/** What every JVM of the engines is started with. */
export function jvmArguments(heapMb = HEAP_MB): string[] {
  const memory = ['-Xms32m', `-Xmx${heapMb}m`, '-Xss512k', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  // a half-working JVM would be worse than one that is gone and restarted
  const behaviour = [
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:+DisplayVMOutputToStderr',
    '-XX:-UsePerfData',
    '-Xlog:disable',
    '-Xlog:all=error:stderr',
  ];
  return [...memory, ...behaviour];
}

/** Loaded classes in a form the JVM maps: ready in 0.8 s instead of 2 to 4 s. Works without. */
export function archiveArguments(): string[] {
  return existsSync(archive()) ? [`-XX:SharedArchiveFile=${archive()}`] : [];
}

/**
 * Builds the engines' jar if it was built from other sources than there are now. Any number of processes may call this
 * at once: one builds, the others wait.
 */
export async function buildEngines(onProgress: Progress = () => {}): Promise<void> {
  if (isFresh()) return;
  mkdirSync(target(), { recursive: true });
  await withLock(join(target(), 'build.lock'), async () => {
    if (isFresh()) return;
    const maven = findMaven();
    onProgress('Building the embedded engines (first use; ~20 s where Maven need not download) …');
    // removed, not overwritten: a JVM that runs from them keeps its copy
    for (const old of [archive(), jarFile()]) rmSync(old, { force: true });
    await run(maven, ['-B', '-f', join(folder(), 'pom.xml'), 'package'], { onLine: told(onProgress) });
    onProgress('Recording what their JVM loads, for faster starts …');
    await createArchive(onProgress);
    writeFileSync(stamp(), sourcesHash());
  });
}

function isFresh(): boolean {
  return existsSync(jarFile()) && existsSync(stamp()) && readFileSync(stamp(), 'utf8') === sourcesHash();
}

/** By content: a checkout gives every file a new time. */
function sourcesHash(): string {
  const sources = readdirSync(join(folder(), 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [join(folder(), 'pom.xml'), ...sources]) {
    hash.update(relative(folder(), file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

async function createArchive(onProgress: Progress): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'storefront-archive-'));
  try {
    const ports = [await freePort(), await freePort(), await freePort()].map(String) as [string, string, string];
    const [kafka, controller, mongo] = ports;
    const engines = [
      '--data-dir',
      dataDir,
      '--kafka-port',
      kafka,
      '--controller-port',
      controller,
      '--mongo-port',
      mongo,
    ];
    const record = `-XX:ArchiveClassesAtExit=${archive()}`;
    const jvm = [...jvmArguments(), record, '-jar', jarFile()];
    await run(findJava(), [...jvm, ...engines], { timeout: 60_000, whenStarted: stopOnceReady });
  } catch (error) {
    onProgress(`No class archive (${error instanceof Error ? error.message : String(error)}): starts take longer.`);
    rmSync(archive(), { force: true });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Tells how far Maven is, at most every 5 s. */
function told(onProgress: Progress): (line: string) => void {
  const begun = performance.now();
  let toldAt = begun;
  let downloaded = 0;
  let doing = 'begins';
  return (line) => {
    if (line.startsWith('Downloaded from')) downloaded++;
    // [INFO] --- compiler:3.1:compile (default-compile) @ embedded ---
    doing = /^\[INFO\] --- (?:maven-)?([\w-]+?)(?:-plugin)?:[^:]+:([\w-]+)/.exec(line)?.slice(1).join(' ') ?? doing;
    const now = performance.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    onProgress(`  ${Math.round((now - begun) / 1_000)} s: Maven ${doing}, ${downloaded} files downloaded`);
  };
}

type Child = ReturnType<typeof spawn>;

function stopOnceReady(child: Child): void {
  child.stdout?.once('data', () => child.stdin?.end());
}

interface RunOptions {
  /** ms */
  timeout?: number;
  whenStarted?: (child: Child) => void;
  /** Called with each line that the command prints. */
  onLine?: (line: string) => void;
}

async function run(command: string, args: string[], { timeout, whenStarted, onLine }: RunOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'pipe', env: process.env, timeout });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${code}:\n${output.slice(-4_000)}`));
    });
    if (onLine) createInterface(child.stdout).on('line', onLine);
    whenStarted?.(child);
  });
}
