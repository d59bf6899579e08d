import type { Patch } from '@storefront/hal';
import { randomBytes } from 'node:crypto';
import type { CustomerDetails, ShownDetails } from '../domain/customer';
import { customerBody } from './customer-body';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/**
 * The customer after a patch. Two card numbers may look the same when masked, so the patch is applied a second time, to a customer whose numbers are
 * marks of their own: a card that has a mark afterwards keeps the number of the stored card it was made for, wherever the patch
 * moved it. Any other number the client gave. Throws InvalidRequest with the fields that are wrong.
 */
export function patchedCustomer(id: string, shown: ShownDetails, patch: Patch): CustomerDetails {
  const details = customerBody({ id, shown, patched: patch(shown) });
  if (!details.creditCards || !shown.creditCards) return details;
  const marks = new Map([...shown.creditCards.keys()].map((place) => [newMark(), place]));
  const names = [...marks.keys()];
  const marked = shown.creditCards.map((card, place) => ({ ...card, number: card.number && (names[place] ?? null) }));
  const traced = patch({ ...shown, creditCards: marked }, { passTests: true });
  const cards = isRecord(traced) && Array.isArray(traced.creditCards) ? (traced.creditCards as unknown[]) : [];
  const creditCards = details.creditCards.map((card, position) => {
    const after = cards[position];
    const keeps = isRecord(after) ? marks.get(String(after.number)) : undefined;
    return keeps === undefined ? card : { ...card, keeps };
  });
  return { ...details, creditCards };
}

/** As long as a masked number, so that a patch fits or does not fit both times. Nobody can guess it. */
function newMark(): string {
  return randomBytes(14).toString('base64url');
}
