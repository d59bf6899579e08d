import type { ServiceName } from '../../scripts/system';
import type { ViolationKind } from './violation';

/** A safeguard whose absence one scenario must notice, and as what. */
export interface Control {
  /** As libs/messaging/testing/without.ts knows it. */
  readonly without: string;
  readonly of: readonly ServiceName[];
  readonly scenario: string;
  readonly breaks: ViolationKind;
}

export interface Noticed {
  readonly control: Control;
  readonly seed: number;
  /** What the same scenario and seed said with the safeguard. */
  readonly held: boolean;
  /** How many violations of the kind were found without it, and the first of them; none where the scenario could not be played. */
  readonly found: number;
  readonly first: string | undefined;
}

export const isNoticed = ({ held, found }: Noticed): boolean => held && found > 0;

const heading = ['without', 'scenario', 'seed', 'with it', 'without it', 'result'];

export function controlCells(noticed: readonly Noticed[]): string[][] {
  const lines = noticed.map((one) => {
    const { control, seed, held: isHeld, found } = one;
    const broken = `${found} ${control.breaks}`;
    const result = isNoticed(one) ? 'noticed' : 'NOT NOTICED';
    return [control.without, control.scenario, String(seed), isHeld ? 'held' : 'BROKEN', broken, result];
  });
  return [heading, ...lines];
}
