import { type Connection, mongo } from 'mongoose';

/** Why the first connection has not come about, as mongoose reported it last. */
const troubles = new WeakMap<Connection, string>();

/** From now on `pingStore` knows why a connection has not come about. */
export function watchConnection(connection: Connection): void {
  connection.on('error', (error: unknown) => troubles.set(connection, textOf(error)));
  connection.on('connected', () => troubles.delete(connection));
}

/**
 * Resolves when the store has answered a read (a ping asks for no rights); throws when it does not within `limitMs`, cannot be reached, or
 * does not let us: the error names our user.
 */
export async function pingStore(connection: Connection, limitMs: number): Promise<void> {
  const { db } = connection;
  if (!db) throw new Error(`not connected yet${because(connection)}`);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  const read = db.collection<{ _id: string }>('health').findOne({ _id: 'ping' });
  try {
    await Promise.race([read, limit]);
  } catch (error) {
    throw new Error(`${loginOf(connection)}${textOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function because(connection: Connection): string {
  const trouble = troubles.get(connection);
  return trouble === undefined ? '' : `: ${loginOf(connection)}${trouble}`;
}

/** A refusal tells the whole command, and who was refused is not in it. */
function textOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof mongo.MongoServerError
    ? message.replace(/( to execute command \{ \w+).*/s, '$1 … }')
    : message;
}

function loginOf(connection: Connection): string {
  const { credentials } = connection.getClient().options;
  return credentials ? `user ${credentials.username} of database ${credentials.source}: ` : '';
}
