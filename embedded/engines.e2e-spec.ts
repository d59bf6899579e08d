import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { Door } from '../test/door';
import { jarFile } from './build';
import { type Engines, type EnginesOptions, startEngines } from './engines';
import { freePort } from './ports';
import { isAlive } from './processes';
import { brokerPorts, createTopic, readAll, sendCompressed, sendUntilFailure } from './testing/kafka-load';
import { insertUntilFailure } from './testing/mongo-load';

const dataDir = mkdtempSync(join(tmpdir(), 'storefront-engines-'));
const running: Engines[] = [];

async function start(options: Omit<EnginesOptions, 'dataDir'> = {}, dir = dataDir): Promise<Engines> {
  const engines = await startEngines({ dataDir: dir, ...options });
  running.push(engines);
  return engines;
}

afterEach(async () => Promise.all(running.splice(0).map(async (engines) => engines.kill())));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function uriOf({ mongoUri }: Engines): string {
  if (mongoUri === undefined) throw new Error('started without the store');
  return mongoUri;
}

function brokersOf({ brokers }: Engines): string {
  if (brokers === undefined) throw new Error('started without Kafka');
  return brokers;
}

test('the broker takes compressed records and gives them back', async () => {
  const brokers = brokersOf(await start({ mongoPort: false }));
  await createTopic(brokers, 'compressed');
  const sent = await sendCompressed(brokers, 'compressed');
  // what a broker under load answers too late is sent again
  expect(new Set(await readAll(brokers, 'compressed'))).toEqual(new Set(sent));
});

test('what the engines keep is for its owner alone, also where an earlier start left it open', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'storefront-engines-'));
  const modeOf = (...path: string[]) => (statSync(join(dir, ...path)).mode & 0o777).toString(8);
  const modes = () => [modeOf(), modeOf('mongo'), modeOf('mongo', 'documents.mv')];
  try {
    await (await start({ kafkaPort: false }, dir)).stop();
    expect(modes()).toEqual(['700', '700', '600']);
    for (const path of ['', 'mongo']) chmodSync(join(dir, path), 0o755);
    chmodSync(join(dir, 'mongo', 'documents.mv'), 0o644);
    await start({ kafkaPort: false }, dir);
    expect(modes()).toEqual(['700', '700', '600']);
  } finally {
    await running.at(-1)?.kill();
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a client that comes through another door is told to stay with who stands before it', async () => {
  const port = await freePort();
  const door = await Door.open({ host: '127.0.0.1', port });
  const advertisedPort = door.port;
  const { kafkaPort } = await start({ mongoPort: false, kafkaListeners: [{ port, advertisedPort }] });
  expect([await brokerPorts(`127.0.0.1:${advertisedPort}`), await brokerPorts(`127.0.0.1:${kafkaPort}`)]).toEqual([
    [advertisedPort],
    [kafkaPort],
  ]);
  door.close();
});

test('several clients may be the first to write to a collection', async () => {
  const uri = uriOf(await start({ kafkaPort: false }));
  const clients = await Promise.all(Array.from({ length: 8 }, async () => mongo.MongoClient.connect(uri)));
  for (let round = 0; round < 60; round++) {
    const name = `c${round}`;
    const write = async (client: mongo.MongoClient, _id: number) => {
      // mongoose asks for its collections when it connects; that they are there already is no fault
      if (_id % 2 === 0) await client.db('race').createCollection(name).catch(ignoreExists);
      await client.db('race').collection<{ _id: number }>(name).insertOne({ _id });
    };
    await Promise.all(clients.map(write));
    expect(await clients[0]?.db('race').collection(name).countDocuments()).toBe(clients.length);
  }
  await Promise.all(clients.map(async (client) => client.close()));
});

function ignoreExists(error: unknown): void {
  if (!(error instanceof mongo.MongoServerError) || error.code !== 48) throw error;
}

test('an index may be made while others write', async () => {
  const client = await mongo.MongoClient.connect(uriOf(await start({ kafkaPort: false })));
  const collection = client.db('indexed').collection('notes');
  const write = async () => {
    for (let n = 0; n < 50; n++) await collection.insertMany(Array.from({ length: 20 }, () => ({ text: 'x' })));
  };
  const index = async () => {
    for (let n = 0; n < 25; n++) await collection.createIndex({ [`field${n}`]: 1 });
  };
  await Promise.all([write(), write(), write(), index()]);
  expect(await collection.countDocuments()).toBe(3_000);
  expect(await collection.indexes()).toHaveLength(26);
  await client.close();
});

test('what it cannot do by its own fault it tells as such', async () => {
  const client = await mongo.MongoClient.connect(uriOf(await start({ kafkaPort: false })));
  // a command of mongo-java-server's own tests
  const failing = client.db('failing').command({ triggerInternalException: 1 });
  await expect(failing).rejects.toMatchObject({ code: 1, codeName: 'InternalError', message: /NullPointerException/ });
  await client.close();
});

test('what was acknowledged is there after kill -9 and a restart on the same ports', async () => {
  const first = await start();
  await createTopic(brokersOf(first), 'load');
  const inserted: string[] = [];
  const sent: string[] = [];
  const failures = [
    insertUntilFailure(uriOf(first), 'load', inserted),
    sendUntilFailure(brokersOf(first), 'load', sent),
  ];
  while (inserted.length < 300 || sent.length < 300) await sleep(20);
  await first.kill();
  await Promise.all(failures);

  const second = await start({ kafkaPort: first.kafkaPort, mongoPort: first.mongoPort });
  const client = await mongo.MongoClient.connect(uriOf(second));
  const found = await client.db('load').collection<{ _id: string }>('load').find().toArray();
  await client.close();
  const consumed = await readAll(brokersOf(second), 'load');
  expect(
    missing(
      inserted,
      found.map(({ _id }) => _id),
    ),
  ).toEqual([]);
  expect(missing(sent, consumed)).toEqual([]);
  await second.stop();
});

function missing(wanted: string[], there: string[]): string[] {
  const known = new Set(there);
  return wanted.filter((one) => !known.has(one));
}

test('either engine can be left out, and each has a JVM of its own then', async () => {
  const [kafkaOnly, mongoOnly] = await Promise.all([start({ mongoPort: false }), start({ kafkaPort: false })]);
  expect(kafkaOnly).toMatchObject({ brokers: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
  expect(kafkaOnly.mongoUri).toBeUndefined();
  expect(mongoOnly).toMatchObject({ mongoUri: expect.stringMatching(/^mongodb:\/\/127\.0\.0\.1:\d+$/) });
  expect(mongoOnly.brokers).toBeUndefined();
  expect(kafkaOnly.pid).not.toBe(mongoOnly.pid);
});

test('a stop is clean, and reported to those who listen', async () => {
  const engines = await start({ kafkaPort: false });
  const codes: (number | null)[] = [];
  engines.onExit((code) => codes.push(code));
  await engines.stop();
  expect(isAlive(engines.pid)).toBe(false);
  expect(codes).toEqual([143]);
  expect(existsSync(join(dataDir, 'mongo.pid'))).toBe(false);
});

test('a data directory in use is refused, and its owner goes on', async () => {
  const engines = await start({ kafkaPort: false });
  await expect(start({ kafkaPort: false })).rejects.toThrow(`is in use by the engines of process ${process.pid}`);
  expect(isAlive(engines.pid)).toBe(true);
});

test('a JVM left behind by a process that is gone is ended first', async () => {
  const left = await leaveBehind();
  const lines: string[] = [];
  await start({ kafkaPort: false, onProgress: (line) => lines.push(line) });
  expect(lines).toContainEqual(expect.stringContaining(`process ${left}`));
  expect(isAlive(left)).toBe(false);
});

/** A shell starts something that looks like our JVM, and is gone. */
async function leaveBehind(): Promise<number> {
  const sleeper = `exec -a "java -jar ${jarFile()} --data-dir ${dataDir}" sleep 60`;
  const shell = spawn('bash', ['-c', `bash -c '${sleeper}' >/dev/null 2>&1 & echo $!`], { detached: true });
  const pid = await new Promise<number>((done) => shell.stdout.once('data', (line: Buffer) => done(Number(line))));
  writeFileSync(join(dataDir, 'mongo.pid'), JSON.stringify({ pid, startedBy: shell.pid }));
  await sleep(100);
  return pid;
}

test("somebody else's process is left alone, whatever the pid file says", async () => {
  const other = spawn('sleep', ['60']);
  writeFileSync(join(dataDir, 'mongo.pid'), JSON.stringify({ pid: other.pid, startedBy: 1 }));
  await start({ kafkaPort: false });
  expect(isAlive(other.pid)).toBe(true);
  other.kill();
});

test('a taken port is named', async () => {
  const server = createServer();
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await expect(start({ kafkaPort: false, mongoPort: port })).rejects.toThrow(`Port ${port} for the MongoDB-protocol`);
  server.close();
});
