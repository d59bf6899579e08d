import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import type { Connection } from 'mongoose';
import { connect, createServer, type Server } from 'node:net';
import { eventually } from '../../../test/eventually';
import { storeModule } from './store-module';

const store = new URL(String(process.env.MONGODB_URI).replace('mongodb:', 'http:'));
let app: INestApplicationContext;
let door: Server | undefined;

afterEach(async () => {
  await app.close();
  door?.close();
});

async function start(address: string, database = 'fallback'): Promise<Connection> {
  app = await NestFactory.createApplicationContext(storeModule({ MONGODB_URI: address }, database), { logger: false });
  return app.get<Connection>(getConnectionToken());
}

/** Passes connections on to the real store. */
async function openDoor(port = 0): Promise<number> {
  door = createServer((socket) => {
    const inner = connect(Number(store.port), store.hostname);
    socket.pipe(inner).pipe(socket);
    socket.on('error', () => inner.destroy());
    inner.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => door?.listen(port, '127.0.0.1', resolve));
  const address = door.address();
  return typeof address === 'object' && address ? address.port : 0;
}

describe('the store', () => {
  it('may come later than the service', async () => {
    const port = await openDoor();
    door?.close();
    const connection = await start(`mongodb://127.0.0.1:${port}/late`);
    await connection.asPromise().catch(() => {});
    expect(connection.db).toBeUndefined();
    await openDoor(port);
    await eventually(
      () => connection.db,
      (database) => database !== undefined,
    );
    expect(await connection.db?.command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it.each([
    ['/named', 'named'],
    ['', 'fallback'],
    ['/?appName=x', 'fallback'],
  ])('keeps its documents in the database the URI names, else in that of the service: %j', async (path, database) => {
    const connection = await start(`mongodb://${store.host}${path}`);
    await connection.asPromise();
    expect(connection.db?.databaseName).toBe(database);
  });

  it('tells as whom it tries in vain, without the password, and goes on trying', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    // the embedded store lets nobody log in: it has no users
    const environment = {
      MONGODB_URI: `mongodb://${store.host}`,
      MONGODB_USERNAME: 'orders',
      MONGODB_PASSWORD: '5ecret',
    };
    app = await NestFactory.createApplicationContext(storeModule(environment, 'fallback'), { logger: false });
    const opened = jest.spyOn(app.get<Connection>(getConnectionToken()), 'openUri');
    await eventually(
      () => opened.mock.calls.length,
      (count) => count > 0,
    );
    const told = warnings.mock.calls.map(([message]) => String(message));
    expect(told).toContainEqual(expect.stringMatching(/^Not connected as user orders of database admin: ./));
    expect(told.join()).not.toContain('5ecret');
    jest.restoreAllMocks();
  });
});
