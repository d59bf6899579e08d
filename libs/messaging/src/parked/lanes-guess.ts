/** Whether this process knows of no lanes: none at the last look at all of them, and nothing since that may have made one. */
export class LanesGuess {
  private seemsNone = false;
  private changes = 0;

  get none(): boolean {
    return this.seemsNone;
  }

  changed(): void {
    this.changes++;
    this.seemsNone = false;
  }

  /** What a look at all lanes found; it says nothing of lanes made while it looked. */
  async after<T>(look: () => Promise<T[]>): Promise<T[]> {
    const { changes } = this;
    const found = await look();
    if (changes === this.changes) this.seemsNone = found.length === 0;
    return found;
  }
}
