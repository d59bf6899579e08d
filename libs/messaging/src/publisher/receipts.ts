interface Receipt {
  readonly version: number;
  readonly resolve: (sent: boolean) => void;
}

/** Who waits for Kafka to have an aggregate's events up to a version. */
export class Receipts {
  private readonly waiting = new Map<string, Receipt[]>();

  /** True when they were sent, false when they were dropped from memory. */
  wait(key: string, version: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.waiting.set(key, [...(this.waiting.get(key) ?? []), { version, resolve }]);
    });
  }

  sent(key: string, version: number): void {
    this.settle(key, true, (receipt) => receipt.version <= version);
  }

  dropped(key: string): void {
    this.settle(key, false, () => true);
  }

  close(): void {
    for (const key of this.waiting.keys()) this.dropped(key);
  }

  private settle(key: string, sent: boolean, isMeant: (receipt: Receipt) => boolean): void {
    const all = this.waiting.get(key);
    if (!all) return;
    const left = all.filter((receipt) => !isMeant(receipt));
    if (left.length === 0) this.waiting.delete(key);
    else this.waiting.set(key, left);
    for (const receipt of all) if (isMeant(receipt)) receipt.resolve(sent);
  }
}
