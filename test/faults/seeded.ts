/** Chance that can be repeated: mulberry32 (public domain, Tommy Ettinger). */
export class Seeded {
  constructor(private state: number) {}

  /** Another sequence for every name. */
  static of(seed: number, name: string): Seeded {
    let state = seed | 0;
    for (const unit of name) state = Math.imul(state ^ (unit.codePointAt(0) ?? 0), 0x01000193);
    return new Seeded(state);
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from the first to the second. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }
}

/** STOREFRONT_TEST_SEED repeats a run. */
export function newSeed(): number {
  return Number(process.env.STOREFRONT_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
}
