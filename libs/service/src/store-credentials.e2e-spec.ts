import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { eventually } from '../../../test/eventually';
import { ScramDoor } from '../test/scram-door';
import { readEnvironment } from './environment';
import { storeModule } from './store-module';
import { storeEnvironment } from './store-settings';

let folder: string;
let door: ScramDoor;
let app: INestApplicationContext | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storefront-login-'));
  door = await ScramDoor.before(String(process.env.MONGODB_URI));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  door.close();
  rmSync(folder, { recursive: true });
});

const fileOf = (name: string) => join(folder, name);
const uri = (login = '') => `mongodb://${login}${door.host}/rotated?authSource=admin`;

async function start(variables: Record<string, string>): Promise<Connection> {
  const environment = readEnvironment(z.object(storeEnvironment), variables);
  app = await NestFactory.createApplicationContext(storeModule(environment, 'rotated'), { logger: false });
  return app.get<Connection>(getConnectionToken());
}

/** Whether the store answers, at some time within half a minute. */
const answers = (connection: Connection) =>
  eventually(
    () =>
      connection.db?.command({ ping: 1 }).then(
        ({ ok }) => Number(ok),
        () => 0,
      ),
    (ok) => ok === 1,
  );

describe('a login to the store that is rotated', () => {
  it('is used by new connections: another user with another password, in the address', async () => {
    door.passwords.set('orders', 'first');
    writeFileSync(fileOf('uri'), uri('orders:first@'));
    const connection = await start({ MONGODB_URI_FILE: fileOf('uri') });
    await answers(connection);
    expect(new Set(door.entered)).toEqual(new Set(['orders']));
    door.passwords.clear();
    door.passwords.set('orders-2', 's%cond');
    writeFileSync(fileOf('uri'), uri('orders-2:s%25cond@'));
    door.cut();
    await answers(connection);
    expect(door.entered.at(-1)).toBe('orders-2');
  });

  it('is used where the password is in a file of its own, and came after the store had it', async () => {
    door.passwords.set('orders', 'first');
    writeFileSync(fileOf('password'), 'first');
    const connection = await start({
      MONGODB_URI: uri(),
      MONGODB_USERNAME: 'orders',
      MONGODB_PASSWORD_FILE: fileOf('password'),
    });
    await answers(connection);
    door.passwords.set('orders', 'second');
    // who is in stays in
    await answers(connection);
    door.cut();
    const refused = await connection.db?.command({ ping: 1 }).catch((error: Error) => error.message);
    expect(refused).not.toEqual({ ok: 1 });
    const before = door.entered.length;
    writeFileSync(fileOf('password'), 'second');
    await answers(connection);
    expect(door.entered.length).toBeGreaterThan(before);
  });

  it('is the one before where the new address cannot be read', async () => {
    door.passwords.set('orders', 'first');
    writeFileSync(fileOf('uri'), uri('orders:first@'));
    const connection = await start({ MONGODB_URI_FILE: fileOf('uri') });
    await answers(connection);
    writeFileSync(fileOf('uri'), 'half of an addr');
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    door.cut();
    await answers(connection);
  });
});
