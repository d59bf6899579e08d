import { createHash } from 'node:crypto';
import type { Entry } from './service-client';

const FIRST_SLOTS = 1_024;
/** Of the slots: beyond it the table doubles. */
const FULLEST = 0.7;
const WORDS = 4;

/** A slot is free, or has what its key's last record says: a value, a deletion, or nothing that its readers take. */
const free = 0;
const value = 1;
const deletion = 2;
const nothing = 3;
const kindMask = 3;
const seenBit = 4;

/**
 * The last record of each key of one partition, in 25 bytes a slot outside the JavaScript heap: of the key and of the content it keeps the
 * first 64 bits of their SHA-256, so that a million keys have two alike with a probability of 1 in 30 million. A deletion leaves its slot.
 */
export class TailTable {
  private slots = FIRST_SLOTS;
  private words = new Uint32Array(FIRST_SLOTS * WORDS);
  private versions = new Float64Array(FIRST_SLOTS);
  private states = new Uint8Array(FIRST_SLOTS);
  private used = 0;

  /** How many keys it has, those included whose last record is nothing that readers take. */
  get keys(): number {
    return this.used;
  }

  get bytes(): number {
    return this.words.byteLength + this.versions.byteLength + this.states.byteLength;
  }

  /** Takes the record for the last one of its key; undefined stands for one that no reader takes. */
  set(id: string, record: Pick<Entry, 'version' | 'hash' | 'deleted'> | undefined): void {
    if (this.used >= this.slots * FULLEST) this.grow();
    const key = hashOfKey(id);
    const slot = this.slotOf(key);
    if (this.states[slot] === free) {
      if (!record) return;
      this.used++;
      this.words.set(key, slot * WORDS);
    }
    this.states[slot] = kindOf(record);
    this.versions[slot] = record?.version ?? 0;
    this.words.set(record && record.hash !== '' ? firstWords(record.hash) : [0, 0], slot * WORDS + 2);
  }

  /** The version and the content's hash of a key's last record, the hash in full where it is this one; it counts as seen from now on. */
  see(id: string, hash?: string): Omit<Entry, 'id'> | undefined {
    const slot = this.slotOf(hashOfKey(id));
    const state = (this.states[slot] ?? free) | seenBit;
    if ((state & kindMask) === free) return undefined;
    this.states[slot] = state;
    const version = this.versions[slot] ?? 0;
    if ((state & kindMask) === nothing) return undefined;
    if ((state & kindMask) === deletion) return { version, hash: '', deleted: true };
    return { version, hash: this.hashLike(slot, hash) };
  }

  /** Whether its last record is one that readers take, and nobody has seen it. */
  isUnseen(id: string): boolean {
    const state = this.states[this.slotOf(hashOfKey(id))] ?? free;
    return state === value || state === deletion;
  }

  /** How many are unseen. */
  get unseen(): number {
    let count = 0;
    for (const state of this.states) if (state === value || state === deletion) count++;
    return count;
  }

  private hashLike(slot: number, hash: string | undefined): string {
    const [high = 0, low = 0] = this.words.subarray(slot * WORDS + 2, slot * WORDS + 4);
    if (hash !== undefined && hash !== '') {
      const [ownHigh, ownLow] = firstWords(hash);
      if (ownHigh === high && ownLow === low) return hash;
    }
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(high, 0);
    bytes.writeUInt32BE(low, 4);
    return bytes.toString('base64url');
  }

  /** Where the key is, or the free slot where it would be. */
  private slotOf([high, low]: Words): number {
    for (let slot = low & (this.slots - 1); ; slot = (slot + 1) & (this.slots - 1)) {
      if (this.states[slot] === free) return slot;
      if (this.words[slot * WORDS] === high && this.words[slot * WORDS + 1] === low) return slot;
    }
  }

  private grow(): void {
    const { slots, words, versions, states } = this;
    this.slots = slots * 2;
    this.words = new Uint32Array(this.slots * WORDS);
    this.versions = new Float64Array(this.slots);
    this.states = new Uint8Array(this.slots);
    for (let slot = 0; slot < slots; slot++) {
      if (states[slot] === free) continue;
      const four = words.subarray(slot * WORDS, slot * WORDS + WORDS);
      const to = this.slotOf([four[0] ?? 0, four[1] ?? 0]);
      this.words.set(four, to * WORDS);
      this.versions[to] = versions[slot] ?? 0;
      this.states[to] = states[slot] ?? free;
    }
  }
}

type Words = readonly [high: number, low: number];

function kindOf(record: Pick<Entry, 'deleted'> | undefined): number {
  if (!record) return nothing;
  return record.deleted ? deletion : value;
}

function hashOfKey(id: string): Words {
  const digest = createHash('sha256').update(id).digest();
  return [digest.readUInt32BE(0), digest.readUInt32BE(4)];
}

/** Of a SHA-256 in base64url. */
function firstWords(hash: string): Words {
  const bytes = Buffer.from(hash.slice(0, 11), 'base64url');
  return [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
}
