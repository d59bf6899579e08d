import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJava, findMaven } from './java';

const { PATH, JAVA_HOME } = process.env;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'storefront-java-'));
  mkdirSync(join(home, 'bin'));
  process.env['PATH'] = join(home, 'bin');
  delete process.env['JAVA_HOME'];
});

afterEach(() => {
  process.env['PATH'] = PATH;
  if (JAVA_HOME !== undefined) process.env['JAVA_HOME'] = JAVA_HOME;
  rmSync(home, { recursive: true, force: true });
});

/** A command that prints what the real one would. */
function install(command: string, prints: string): void {
  const file = join(home, 'bin', command);
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\necho '${prints}' >&2\n`);
  chmodSync(file, 0o755);
}

test('no Java: says so, and names the two ways round', () => {
  expect(findJava).toThrow('no Java was found (a JDK 17 or newer is needed)');
  expect(findJava).toThrow('set KAFKA_BROKERS=host:port and MONGODB_URI=mongodb://host:port');
  expect(findJava).toThrow('docker compose up --build --wait');
});

test('a Java too old is named', () => {
  install('java', 'openjdk version "11.0.22" 2024-01-16');
  expect(findJava).toThrow('Java 11 was found, a JDK 17 or newer is needed');
});

test('JAVA_HOME comes before PATH', () => {
  install('java', 'openjdk version "21.0.2" 2024-01-16');
  expect(findJava()).toBe('java');
  process.env['JAVA_HOME'] = home;
  expect(findJava()).toBe(join(home, 'bin', 'java'));
});

test('to build, a compiler and Maven on a JDK new enough are needed too', () => {
  install('java', 'openjdk version "17.0.15" 2025-04-15');
  expect(findMaven).toThrow('java has no compiler (javac)');
  install('javac', 'javac 17.0.15');
  expect(findMaven).toThrow('Maven (mvn) was not found on PATH');
  install('mvn', 'Java version: 11.0.22, vendor: Debian');
  expect(findMaven).toThrow('mvn uses Java 11, 17 or newer is needed (set JAVA_HOME)');
  install('mvn', 'Java version: 17.0.15, vendor: Debian');
  expect(findMaven()).toBe('mvn');
});
