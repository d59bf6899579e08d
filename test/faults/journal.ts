import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** What happened in a run, one line of JSON each, in a file: it is there also when the run is killed. */
export class Journal {
  private readonly begin = performance.now();
  private lines: string[] = [];

  constructor(readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  /** `at` is ms since the start. */
  write(kind: 'plan' | 'written' | 'deed' | 'waits' | 'violation' | 'end', entry: object): void {
    this.lines.push(`${JSON.stringify({ at: Math.round(performance.now() - this.begin), kind, ...entry })}\n`);
    if (this.lines.length >= 50 || kind !== 'written') this.flush();
  }

  private flush(): void {
    appendFileSync(this.file, this.lines.join(''));
    this.lines = [];
  }
}
