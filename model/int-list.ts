/** A list of small integers that grows to millions without costing eight bytes each. */
export class IntList {
  private items = new Int32Array(1024);
  length = 0;

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.length++] = item;
  }

  at(index: number): number {
    const item = index < this.length ? this.items[index] : undefined;
    if (item === undefined) throw new RangeError(`no item ${index} in a list of ${this.length}`);
    return item;
  }

  private grow(): void {
    const larger = new Int32Array(this.items.length * 2);
    larger.set(this.items);
    this.items = larger;
  }
}
