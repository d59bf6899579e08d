/**
 * How many bytes all lanes of this service hold together: as the last look at all of them found, and what this process has added
 * since. What other instances add is known after the next look.
 */
export class LanesBytes {
  private found: number | undefined;
  /** Since the process began. */
  private added = 0;
  /** How much of it was added before the look that `found` is of began. */
  private addedBefore = 0;

  /** `look` reads the sum from the store: for a process that has not looked yet. */
  constructor(private readonly look: () => Promise<number>) {}

  async held(): Promise<number> {
    if (this.found === undefined) await this.after(this.look, (sum) => sum);
    return (this.found ?? 0) + this.added - this.addedBefore;
  }

  add(bytes: number): void {
    this.added += bytes;
  }

  /**
   * Takes the sum from a look at all lanes; what is added while it looks may be in it or not, and counts besides. Of looks that overlap
   * the one that began last counts.
   */
  async after<T>(look: () => Promise<T>, sumOf: (found: T) => number): Promise<T> {
    const before = this.added;
    const found = await look();
    if (this.found === undefined || before >= this.addedBefore) [this.found, this.addedBefore] = [sumOf(found), before];
    return found;
  }
}
