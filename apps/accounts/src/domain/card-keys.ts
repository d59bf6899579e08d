import { hkdfSync } from 'node:crypto';

/** One key for card numbers. */
export interface CardKey {
  /** Names the key in what was made with it. */
  readonly id: string;
  /** For hashes: HMAC-SHA-256. */
  readonly hashKey: Buffer;
  /** For encryption: AES-256-GCM. */
  readonly sealKey: Buffer;
}

const keyBytes = 32;
const line = /^([\w.-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;

/**
 * The keys in a text of one or more `id:key`, separated by blanks, commas or line breaks; a key is 32 bytes in base64. The first one is used for
 * what is stored from now on, all of them read what is stored. Throws where the text has none, or one that is no key, or two of one id.
 */
export function cardKeys(text: string): CardKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(cardKey);
  const hasTwins = new Set(keys.map(({ id }) => id)).size < keys.length;
  if (keys.length === 0 || hasTwins) throw new Error('one key or more are expected, each with an id of its own');
  return keys;
}

function cardKey(part: string): CardKey {
  const [, id, encoded = ''] = line.exec(part) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (id === undefined || key.length !== keyBytes) throw new Error('id:key is expected, the key 32 bytes in base64');
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `card number ${purpose}`, keyBytes));
  return { id, hashKey: derived('hash'), sealKey: derived('seal') };
}
