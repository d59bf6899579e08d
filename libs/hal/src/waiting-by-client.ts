/** What waits, in a queue for each client. The clients take turns; one is listed only while something of it waits. */
export class WaitingByClient<T> {
  /** In the order of their turns. */
  private readonly queues = new Map<string, T[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  has(client: string): boolean {
    return this.queues.has(client);
  }

  add(client: string, item: T): void {
    const queue = this.queues.get(client);
    if (queue) queue.push(item);
    else this.queues.set(client, [item]);
    this.count++;
  }

  /** Does nothing where it does not wait any more. */
  remove(client: string, item: T): void {
    const queue = this.queues.get(client) ?? [];
    this.replace(
      client,
      queue.filter((each) => each !== item),
    );
  }

  /** Takes the oldest item of the first client whose oldest item may go; the turn passes to the other clients. */
  takeFirst(mayGo: (client: string, item: T) => boolean): [string, T] | undefined {
    for (const [client, queue] of this.queues) {
      const [item] = queue;
      if (item === undefined || !mayGo(client, item)) continue;
      queue.shift();
      this.count--;
      this.queues.delete(client);
      if (queue.length > 0) this.queues.set(client, queue);
      return [client, item];
    }
    return undefined;
  }

  /** Returns the client of which most waits; undefined where nothing does. */
  clientWithMost(): string | undefined {
    let most: string | undefined;
    let length = 0;
    for (const [client, queue] of this.queues) {
      if (queue.length > length) [most, length] = [client, queue.length];
    }
    return most;
  }

  /** Removes and returns the newest item of the client of which most waits. */
  dropNewest(): T | undefined {
    const client = this.clientWithMost() ?? '';
    const queue = this.queues.get(client) ?? [];
    this.replace(client, queue.slice(0, -1));
    return queue.at(-1);
  }

  private replace(client: string, queue: T[]): void {
    this.count += queue.length - (this.queues.get(client)?.length ?? 0);
    if (queue.length > 0) this.queues.set(client, queue);
    else this.queues.delete(client);
  }
}
