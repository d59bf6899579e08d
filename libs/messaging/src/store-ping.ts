import type { Connection } from 'mongoose';

/** Resolves when the store has answered a ping; throws when it does not within `limitMs`, or cannot be reached. */
export async function pingStore({ db }: Connection, limitMs: number): Promise<void> {
  if (!db) throw new Error('not connected yet');
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  await Promise.race([db.command({ ping: 1 }), limit]).finally(() => clearTimeout(timer));
}
