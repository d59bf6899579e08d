import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { cardBrand } from './card-brand';
import type { CardKey } from './card-keys';
import type { KeptNumber } from './kept-card';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Makes of a card number what may be stored of it. Without a key that is the last four digits and the brand; with one also a keyed hash, by which
 * the same number of the same customer is recognised; and where numbers are to be `encrypted`, the number itself, encrypted.
 */
export class CardVault {
  constructor(
    private readonly keys: readonly CardKey[] = [],
    private readonly mode: 'hashed' | 'encrypted' = 'hashed',
  ) {}

  get hasKey(): boolean {
    return this.keys.length > 0;
  }

  /** What is kept of the number of a card of this customer. */
  keep(number: string, customerId: string): KeptNumber {
    const digits = number.replace(/\D/g, '');
    const [key] = this.keys;
    const text = withoutSeparators(number);
    return {
      last4: digits.length > 4 ? digits.slice(-4) : null,
      brand: cardBrand(digits),
      ...(key && { hash: hashed(key, text, customerId) }),
      ...(key && this.mode === 'encrypted' && { sealed: sealed(key, text, customerId) }),
    };
  }

  /** Whether this number of this customer is the kept one; false where nothing tells. */
  isSame(number: string, kept: KeptNumber, customerId: string): boolean {
    const key = this.keyOf(kept.hash);
    if (!key || !kept.hash) return false;
    const hash = hashed(key, withoutSeparators(number), customerId);
    return hash.length === kept.hash.length && timingSafeEqual(Buffer.from(hash), Buffer.from(kept.hash));
  }

  /** The number, without blanks and dashes, that was encrypted with one of the keys; undefined where it was not. Throws where it was tampered with. */
  open(kept: KeptNumber, customerId: string): string | undefined {
    const key = this.keyOf(kept.sealed);
    if (!key || !kept.sealed) return undefined;
    const bytes = Buffer.from(kept.sealed.slice(key.id.length + 1), 'base64url');
    const decipher = createDecipheriv(cipher, key.sealKey, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(customerId)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  }

  /** The newest key, where numbers are encrypted: what is sealed with another one is to be sealed anew. */
  get sealingKeyId(): string | undefined {
    return this.mode === 'encrypted' ? this.keys[0]?.id : undefined;
  }

  /**
   * The kept number as the newest key keeps it. It stays as it is where numbers are not to be encrypted, where it was sealed with the
   * newest key already, and where it cannot be opened: its key is not known any more, or it was tampered with.
   */
  renewed(kept: KeptNumber, customerId: string): KeptNumber {
    const { sealingKeyId } = this;
    if (sealingKeyId === undefined || kept.sealed === undefined || kept.sealed.startsWith(`${sealingKeyId}:`))
      return kept;
    const number = this.openedOrNot(kept, customerId);
    if (number === undefined) return kept;
    return { ...this.keep(number, customerId), last4: kept.last4, brand: kept.brand };
  }

  private openedOrNot(kept: KeptNumber, customerId: string): string | undefined {
    try {
      return this.open(kept, customerId);
    } catch {
      // it was tampered with: whoever reads the number is told, not whoever reads the customer
      return undefined;
    }
  }

  private keyOf(made: string | undefined): CardKey | undefined {
    return this.keys.find(({ id }) => made?.startsWith(`${id}:`));
  }
}

/** One spelling of a card number; a text that is none stays as it is, so that two of them are never taken for the same. */
function withoutSeparators(number: string): string {
  return /^[\d -]*$/.test(number) ? number.replace(/[ -]/g, '') : number;
}

function hashed({ id, hashKey }: CardKey, number: string, customerId: string): string {
  return `${id}:${createHmac('sha256', hashKey)
    .update(JSON.stringify([customerId, number]))
    .digest('base64url')}`;
}

function sealed({ id, sealKey }: CardKey, number: string, customerId: string): string {
  const iv = randomBytes(ivBytes);
  const encryption = createCipheriv(cipher, sealKey, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(customerId));
  const text = Buffer.concat([encryption.update(number, 'utf8'), encryption.final()]);
  return `${id}:${Buffer.concat([iv, encryption.getAuthTag(), text]).toString('base64url')}`;
}
