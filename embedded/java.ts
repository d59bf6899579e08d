import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const OLDEST_JAVA = 17;

const WAYS_ROUND = `Two ways round the embedded engines:
  - your own servers: set KAFKA_BROKERS=host:port and MONGODB_URI=mongodb://host:port
  - docker compose up --build --wait`;

/** The java command to run the engines with: JAVA_HOME's, else the one on PATH. Throws with advice if there is none. */
export function findJava(): string {
  const java = tool('java');
  const found = versionIn(ask(java, '-version').stderr, /version "(\d+)/);
  if (found === undefined) throw missing(`no Java was found (a JDK ${OLDEST_JAVA} or newer is needed)`);
  if (found < OLDEST_JAVA) throw missing(`Java ${found} was found, a JDK ${OLDEST_JAVA} or newer is needed`);
  return java;
}

/** The mvn command to build the engines with, on a JDK that has a compiler. */
export function findMaven(): string {
  const java = findJava();
  if (ask(tool('javac'), '-version').status !== 0)
    throw missing(`${java} has no compiler (javac): a JDK is needed, not only a runtime`);
  const maven = ask('mvn', '-v');
  if (maven.error !== undefined) throw missing('Maven (mvn) was not found on PATH');
  const found = versionIn(maven.stdout, /Java version: (\d+)/);
  if (found === undefined) throw missing(`mvn does not work: ${maven.stderr.trim() || maven.stdout.trim()}`);
  if (found < OLDEST_JAVA) throw missing(`mvn uses Java ${found}, ${OLDEST_JAVA} or newer is needed (set JAVA_HOME)`);
  return 'mvn';
}

function tool(name: string): string {
  const home = process.env['JAVA_HOME'];
  const inHome = home === undefined ? undefined : join(home, 'bin', name);
  return inHome !== undefined && existsSync(inHome) ? inHome : name;
}

function ask(command: string, option: string) {
  return spawnSync(command, [option], { encoding: 'utf8', env: process.env });
}

function versionIn(output: string | null, pattern: RegExp): number | undefined {
  const version = pattern.exec(output ?? '')?.[1];
  return version === undefined ? undefined : Number(version);
}

function missing(what: string): Error {
  return new Error(`The embedded engines (Kafka and a MongoDB-protocol server) cannot run: ${what}.\n${WAYS_ROUND}`);
}
