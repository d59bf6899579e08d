import type { Finding } from './comparison';
import type { Link } from './links';
import type { Difference } from './verdict';

/** Owners are raised above no higher version (`above` of POST /actuator/republish). */
const HIGHEST_TO_RAISE_ABOVE = 99_999_999_999_999;
const beyond = 'nobody ever counted to its version: take it out of the copy by hand, then repair again';

/** What no message can repair, or not always, by what a person can do about it. */
const advice: Readonly<Record<Link['ordering'], Readonly<Partial<Record<Difference, string>>>>> = {
  state: {},
  creation: {
    different:
      'a repair lets it take the request again, unless the carrier has it: then it says what was sent, and a person decides',
    extra:
      'nothing to repair from, the order is not there: restore it in Orders, cancel the fulfillment, or, where another program asked for it, --adopt',
  },
  delta: {
    missing: 'nothing to repair from, the order is not there: restore it in Orders, then repair again',
    extra: 'nothing to repair from, the fulfillment is not there: restore it, or let its request be sent again',
  },
};

/** What a person can do about a difference that has no remedy, or not always one; undefined where it has one. */
export function adviceFor(
  { ordering }: Pick<Link, 'ordering'>,
  { difference, replica }: Pick<Finding, 'difference' | 'replica'>,
): string | undefined {
  if (ordering === 'state' && replica && replica.version > HIGHEST_TO_RAISE_ABOVE) return beyond;
  return advice[ordering][difference];
}
