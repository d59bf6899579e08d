import { MAX_DECODE_MS } from './limits';

const MAX_REMEMBERED = 1_000;

/**
 * Remembers batches whose decoding took so much CPU time that their consumer may have lost its place in the group. One that
 * comes again from the same offset, also for a redrive, is not decoded a second time by this process. CPU time counts, because
 * a process that was stopped, or had to wait for its turn, says nothing about a batch. The last 1,000 batches are remembered.
 */
export class Overruns {
  private readonly places = new Set<string>();

  constructor(private readonly maxMs = MAX_DECODE_MS) {}

  /** Notes how long the batch at this place took. */
  took(place: string, cpuMs: number): void {
    if (cpuMs <= this.maxMs) return;
    this.places.add(place);
    for (const oldest of this.places) {
      if (this.places.size <= MAX_REMEMBERED) break;
      this.places.delete(oldest);
    }
  }

  /** Whether the batch at this place took too long before. */
  has(place: string): boolean {
    return this.places.has(place);
  }
}

/** CPU time of this thread, in ms. */
export function cpuTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
