import type { Link } from './links';
import type { Difference } from './verdict';

/** What no message can repair, or not always, by what a person can do about it. */
const advice: Readonly<Record<Link['ordering'], Readonly<Partial<Record<Difference, string>>>>> = {
  state: {},
  creation: {
    different:
      'a repair lets it take the request again, unless the carrier has it: then it says what was sent, and a person decides',
    extra: 'nothing to repair from, the order is not there: restore it in Orders, or cancel the fulfillment',
  },
  delta: {
    missing: 'nothing to repair from, the order is not there: restore it in Orders, then repair again',
    extra: 'nothing to repair from, the fulfillment is not there: restore it, or let its request be sent again',
  },
};

/** What a person can do about a difference that has no remedy, or not always one; undefined where it has one. */
export function adviceFor({ ordering }: Pick<Link, 'ordering'>, difference: Difference): string | undefined {
  return advice[ordering][difference];
}
