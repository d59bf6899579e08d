import type { Engines } from '../engines';
import { readFileSync } from 'node:fs';
import { signal } from '../processes';

const PAGE_BYTES = 4096;

/** What a file was at one moment. */
export interface Moment {
  /** Milliseconds on a clock that stops while the engines are stopped. */
  readonly atMs: number;
  readonly content: Buffer;
}

/** Looks at a file of the engines while they stand still, so that all of it is of one moment. */
export class Moments {
  private stoodStillMs = 0;

  constructor(
    private readonly engines: Engines,
    private readonly file: string,
  ) {}

  nowMs(): number {
    return performance.now() - this.stoodStillMs;
  }

  take(): Moment {
    const begun = performance.now();
    signal(this.engines.pid, 'SIGSTOP');
    const moment = { atMs: this.nowMs(), content: readFileSync(this.file) };
    signal(this.engines.pid, 'SIGCONT');
    this.stoodStillMs += performance.now() - begun;
    return moment;
  }
}

/**
 * What a power cut may leave: of each page the earlier or the later content, whichever reached the disk. `random` gives numbers
 * from 0 to 1; `late` is the part of the pages that are the later ones.
 */
export function mixedPages(
  earlier: Buffer,
  later: Buffer,
  { late, random }: { late: number; random: () => number },
): Buffer {
  const mixed = Buffer.alloc(Math.max(earlier.length, later.length));
  for (let at = 0; at < mixed.length; at += PAGE_BYTES) {
    const from = random() < late ? later : earlier;
    if (at < from.length) from.copy(mixed, at, at, at + PAGE_BYTES);
  }
  return mixed;
}
