import { messageOf, say } from '../../scripts/command-line';

/** Counts what was wrong; a step that throws is one that was. */
export class Steps {
  faults = 0;

  async step(what: string, check: () => Promise<readonly string[]>): Promise<void> {
    const begin = performance.now();
    const faults = await check().catch((error: unknown) => [messageOf(error)]);
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    say(`${faults.length === 0 ? 'ok   ' : 'WRONG'} ${seconds.padStart(6)} s  ${what}`);
    for (const fault of faults) say(`      ${fault.replaceAll('\n', '\n      ')}`);
    this.faults += faults.length;
  }
}
