/** Issuer identification numbers (ISO/IEC 7812), as the networks publish them. The first that fits counts. */
const brands: readonly (readonly [name: string, prefix: RegExp])[] = [
  ['VISA', /^4/],
  ['MASTERCARD', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
  ['AMERICAN EXPRESS', /^3[47]/],
  ['DISCOVER', /^(?:6011|64[4-9]|65)/],
  ['DINERS CLUB', /^(?:30[0-5]|3095|36|3[89])/],
  ['JCB', /^35(?:2[89]|[3-8])/],
  ['UNIONPAY', /^(?:62|81)/],
  ['MAESTRO', /^(?:50|5[6-8]|6)/],
];

/** The network that a card belongs to by the first digits of its number; null where they are nobody's. */
export function cardBrand(digits: string): string | null {
  return brands.find(([, prefix]) => prefix.test(digits))?.[0] ?? null;
}
