import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { archiveArguments, buildEngines, jarFile, jvmArguments } from './build';
import { findJava } from './java';
import { type Engine, endStaleEngines, removePidFiles, writePidFiles } from './pid-file';
import { freePort, isFree } from './ports';
import { privateFile, privateFolder, withPrivateFiles } from './private-files';
import { endProcess, signal } from './processes';
import { Progress } from './progress';

export { buildEngines } from './build';

const HOST = '127.0.0.1';
const STOP_PATIENCE_MS = 10_000;
const TELL_EVERY_MS = 10_000;

export interface EnginesOptions {
  /** Everything the engines keep, their log included. */
  dataDir: string;
  /** 0 = any free port (default), false = leave this engine out */
  kafkaPort?: number | false;
  mongoPort?: number | false;
  /** More doors to Kafka, whose clients are told to come to another port, where a proxy of yours stands. */
  kafkaListeners?: readonly KafkaListener[];
  /** Users with SCRAM-SHA-512, made when this directory has no Kafka yet. */
  kafkaUsers?: readonly { readonly name: string; readonly password: string }[];
  /** Kafka's own properties, before those that the broker has by itself. */
  kafkaProperties?: Readonly<Record<string, string>>;
  /** The JVM's heap at most, MB; 320 by default. */
  heapMb?: number;
  onProgress?: (line: string) => void;
}

export interface KafkaListener {
  /** Where Kafka listens; must be free. */
  readonly port: number;
  /** Where its clients are told to connect. */
  readonly advertisedPort: number;
  /** PLAINTEXT by default. */
  readonly protocol?: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
}

/** A running JVM with a Kafka broker, a MongoDB-protocol server, or both. It ends when this process ends, however. */
export interface Engines {
  readonly kafkaPort?: number;
  readonly mongoPort?: number;
  /** host:port */
  readonly brokers?: string;
  /** mongodb://host:port, without a database */
  readonly mongoUri?: string;
  readonly pid: number;
  /** A clean stop; by force after the time given, 10 s by default. */
  stop(patienceMs?: number): Promise<void>;
  /** SIGKILL, returns once it is dead. What was acknowledged is there after the next start. */
  kill(): Promise<void>;
  /** Called once, also if the JVM has ended already; code is null after a signal. */
  onExit(listener: (code: number | null) => void): void;
}

/** Starts the engines on a data directory, building them on first use; resolves when they answer. */
export async function startEngines(options: EnginesOptions): Promise<Engines> {
  const { onProgress = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  const engines: Engine[] = [];
  if (options.kafkaPort !== false) engines.push('kafka');
  if (options.mongoPort !== false) engines.push('mongo');
  if (engines.length === 0) throw new Error('Neither engine was asked for.');

  await buildEngines(onProgress);
  const java = findJava();
  for (const folder of ['', 'logs', ...engines]) privateFolder(join(dataDir, folder));
  privateFile(join(dataDir, 'mongo', 'documents.mv'));
  await endStaleEngines(dataDir, engines, jarFile(), onProgress);
  const kafkaPort = await choosePort('Kafka', options.kafkaPort);
  const mongoPort = await choosePort('the MongoDB-protocol server', options.mongoPort);

  const args = ['--data-dir', dataDir];
  if (kafkaPort !== undefined) {
    emptyFolder(nativeCodecs(dataDir));
    args.push('--kafka-port', String(kafkaPort), '--controller-port', String(await freePort()));
    args.push(...securityArguments(options, dataDir));
  }
  if (mongoPort !== undefined) args.push('--mongo-port', String(mongoPort));

  const logFile = join(dataDir, 'logs', 'engines.log');
  const child = launch(java, args, { dataDir, logFile, heapMb: options.heapMb });
  const pid = await started(child);
  writePidFiles(dataDir, engines, pid);
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  void exited.then(() => removePidFiles(dataDir, engines, pid));
  await ready(child, pid, { logFile, onProgress });

  return {
    ...(kafkaPort === undefined ? {} : { kafkaPort, brokers: `${HOST}:${kafkaPort}` }),
    ...(mongoPort === undefined ? {} : { mongoPort, mongoUri: `mongodb://${HOST}:${mongoPort}` }),
    pid,
    async stop(patienceMs = STOP_PATIENCE_MS) {
      if (child.exitCode === null && child.signalCode === null) await endProcess(pid, patienceMs);
      await exited;
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) signal(pid, 'SIGKILL');
      await exited;
    },
    onExit(listener) {
      void exited.then(listener);
    },
  };
}

/** Ends a JVM that outlived the process that started it on this data directory; startEngines does this by itself. */
export async function endLeftovers(dataDir: string, onProgress: (line: string) => void): Promise<void> {
  await endStaleEngines(resolve(dataDir), ['kafka', 'mongo'], jarFile(), onProgress);
}

async function choosePort(server: string, wanted: number | false | undefined): Promise<number | undefined> {
  if (wanted === false) return undefined;
  if (wanted === undefined || wanted === 0) return freePort();
  if (!(await isFree(wanted))) throw new Error(`Port ${wanted} for ${server} is taken by another process.`);
  return wanted;
}

function securityArguments(options: EnginesOptions, dataDir: string): string[] {
  const { kafkaListeners = [], kafkaUsers = [], kafkaProperties } = options;
  const args = kafkaListeners.flatMap(({ port, advertisedPort, protocol = 'PLAINTEXT' }) => [
    '--kafka-listener',
    `${port}:${advertisedPort}:${protocol}`,
  ]);
  args.push(...kafkaUsers.flatMap(({ name, password }) => ['--kafka-user', `${name}:${password}`]));
  if (!kafkaProperties) return args;
  const file = join(dataDir, 'kafka', 'more.properties');
  const lines = Object.entries(kafkaProperties).map(([name, value]) => `${name}=${javaEscaped(value)}\n`);
  writeFileSync(file, lines.join(''));
  return [...args, '--kafka-properties', file];
}

function javaEscaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Where the JVM unpacks its compression libraries; a killed one leaves them behind. */
const nativeCodecs = (dataDir: string) => join(dataDir, 'kafka', 'tmp');

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

interface Launch {
  readonly dataDir: string;
  readonly logFile: string;
  readonly heapMb: number | undefined;
}

function launch(java: string, args: string[], { dataDir, logFile, heapMb }: Launch): ChildProcess {
  const log = openSync(logFile, 'a');
  const files = [
    `-XX:ErrorFile=${join(dataDir, 'logs', 'jvm-crash-%p.log')}`,
    `-Djava.io.tmpdir=${nativeCodecs(dataDir)}`,
  ];
  const jvm = [...jvmArguments(heapMb), ...archiveArguments(), ...files];
  try {
    const child = withPrivateFiles(() =>
      spawn(java, [...jvm, '-jar', jarFile(), ...args], {
        // stdin is never written to: its end tells the JVM that we are gone
        stdio: ['pipe', 'pipe', log],
        // a group of its own, or Ctrl-C in the terminal would stop it before the services that use it
        detached: true,
      }),
    );
    child.stdin?.on('error', () => {}); // it may be gone before us
    return child;
  } finally {
    closeSync(log);
  }
}

async function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () =>
      child.pid === undefined ? reject(new Error('The JVM has no pid.')) : resolve(child.pid),
    );
  });
}

async function ready(
  child: ChildProcess,
  pid: number,
  { logFile, onProgress }: { logFile: string; onProgress: (line: string) => void },
): Promise<void> {
  const { stdout } = child;
  if (stdout === null) throw new Error('The JVM was started without a pipe for its answer.');
  const answer = await new Promise<string>((done) => {
    const progress = new Progress();
    const timer = setInterval(() => {
      const waited = `${Math.round(progress.tookMs / 1_000)} s`;
      if (progress.isStuck(pid)) settle(`no answer within ${waited}`);
      else onProgress(`Waiting for the engines to answer (${waited}) …`);
    }, TELL_EVERY_MS);
    const settle = (line: string) => {
      clearInterval(timer);
      done(line);
    };
    createInterface(stdout).on('line', (line) => line.startsWith('{"ready"') && settle(line));
    child.once('exit', (code, signalName) => settle(`ended with ${code ?? signalName}`));
  });
  if (answer.startsWith('{"ready":true')) return;
  await endProcess(pid, STOP_PATIENCE_MS);
  throw new Error(`The embedded engines did not start: ${answer}\nThe end of ${logFile}:\n${tail(logFile)}`);
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
}
