import { differences } from '../system/differences';
import type { Storefront } from '../system/storefront';
import { wrongEffects } from './effects';
import type { Ledger } from './ledger';
import type { Expected } from '../system/differences';
import { toldOnTopics } from './told-on-topics';
import { type Violation, violations } from './violation';

export interface EndExpected extends Expected {
  /** The topics do not tell everything any more. */
  untold?: boolean;
}

/** Everything that can be held against the stores and topics once all is quiet: I1, I2, I6, I7 and the order of events. */
export async function wrongInTheEnd(
  storefront: Storefront,
  ledger: Ledger,
  expected: EndExpected,
): Promise<Violation[]> {
  const { stores } = storefront;
  const different = await differences(stores, expected);
  return [
    ...violations('dishonest', ledger.surprises),
    ...(await ledger.broken(stores)),
    ...(await wrongEffects(stores, ledger)),
    // histories are looked at one by one above
    ...different.filter((line) => !isOfHistory(line)).map(classified),
    ...(expected.untold ? [] : await toldOnTopics(ledger, storefront)),
    ...violations('died', storefront.unaskedEnds),
  ];
}

const isOfHistory = (line: string) => / twice$|: went from /.test(line);

/** A copy without a source, or ahead of it, is an invention (I2); every other difference is a loss (I1). */
function classified(text: string): Violation {
  return { kind: /accounts has nothing|no such order|never asked for/.test(text) ? 'invented' : 'lost', text };
}
