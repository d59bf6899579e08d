import { type Connection, createConnection } from 'mongoose';
import { connect, eventually } from '../testing/harness';
import { pingStore, watchConnection } from './store-ping';

describe('asking the store', () => {
  const opened: Connection[] = [];

  afterAll(() => Promise.all(opened.map((connection) => connection.close())));

  it('is content with any answer to a read', async () => {
    opened.push(await connect());
    await expect(pingStore(opened[0] as Connection, 5_000)).resolves.toBeUndefined();
  });

  it('tells whom the store did not let in, without the password', async () => {
    const connection = createConnection();
    opened.push(connection);
    watchConnection(connection);
    // the embedded store lets nobody log in: it has no users
    const uri = `${process.env.MONGODB_URI}/notes`;
    const auth = { username: 'notes-service', password: 'notes-5ecret' };
    await expect(connection.openUri(uri, { auth, serverSelectionTimeoutMS: 2_000 })).rejects.toThrow();
    const reason = await eventually(
      () => pingStore(connection, 1_000).catch(String),
      (text) => text !== 'Error: not connected yet',
    );
    expect(reason).toMatch(/^Error: not connected yet: user notes-service of database notes: ./);
    expect(reason).not.toContain('5ecret');
  });
});
