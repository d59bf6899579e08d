import { randomBytes } from 'node:crypto';
import { cardBrand } from './card-brand';
import { cardKeys } from './card-keys';
import { CardVault } from './card-vault';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [first, second] = [key('2026'), key('2025')];
const number = '4111-1111-1111-1111';

describe('a number that an older key has sealed', () => {
  const old = new CardVault(cardKeys(second), 'encrypted').keep(number, 'ada');
  const both = new CardVault(cardKeys(`${first},${second}`), 'encrypted');

  it('is sealed and hashed anew by the newest key, and by that one only once', () => {
    const renewed = both.renewed(old, 'ada');
    expect(renewed).toEqual({
      last4: '1111',
      brand: 'VISA',
      hash: expect.stringMatching(/^2026:/),
      sealed: expect.stringMatching(/^2026:/),
    });
    const newest = new CardVault(cardKeys(first), 'encrypted');
    expect([newest.open(renewed, 'ada'), newest.isSame(number, renewed, 'ada')]).toEqual(['4111111111111111', true]);
    expect(both.renewed(renewed, 'ada')).toBe(renewed);
  });

  it('stays as it is where it cannot be opened, or is not to be', () => {
    expect(new CardVault(cardKeys(first), 'encrypted').renewed(old, 'ada')).toBe(old);
    expect(new CardVault(cardKeys(`${first},${second}`)).renewed(old, 'ada')).toBe(old);
    expect(new CardVault().renewed(old, 'ada')).toBe(old);
    const tampered = { ...old, sealed: `${old.sealed?.slice(0, -2)}AA` };
    expect(both.renewed(tampered, 'ada')).toBe(tampered);
    const hashed = { last4: '1111', brand: 'VISA', hash: old.hash ?? '' };
    expect(both.renewed(hashed, 'ada')).toBe(hashed);
  });
});

describe('what is kept of a card number', () => {
  it('is the last four digits and the brand where there is no key', () => {
    const vault = new CardVault();
    expect(vault.keep(number, 'ada')).toEqual({ last4: '1111', brand: 'VISA' });
    expect(vault.isSame(number, vault.keep(number, 'ada'), 'ada')).toBe(false);
    expect(vault.hasKey).toBe(false);
  });

  it('tells with a key whether the same number of the same customer comes again, however it is written', () => {
    const vault = new CardVault(cardKeys(first));
    const kept = vault.keep(number, 'ada');
    expect(Object.keys(kept)).toEqual(['last4', 'brand', 'hash']);
    expect(vault.isSame('4111 1111 1111 1111', kept, 'ada')).toBe(true);
    expect(vault.isSame('4111111111111112', kept, 'ada')).toBe(false);
    expect(vault.isSame(number, kept, 'bob')).toBe(false);
    expect(new CardVault(cardKeys(key('2026'))).isSame(number, kept, 'ada')).toBe(false);
    expect(JSON.stringify(kept)).not.toContain('4111');
  });

  it('is the number too, encrypted, where it is wanted; only for its customer, and not once it was changed', () => {
    const vault = new CardVault(cardKeys(first), 'encrypted');
    const kept = vault.keep(number, 'ada');
    expect(vault.open(kept, 'ada')).toBe('4111111111111111');
    expect(kept.sealed).not.toBe(vault.keep(number, 'ada').sealed);
    expect(() => vault.open(kept, 'bob')).toThrow('authenticate');
    expect(() => vault.open({ ...kept, sealed: `${kept.sealed?.slice(0, -2)}AA` }, 'ada')).toThrow('authenticate');
    expect(vault.open({ last4: '1111', brand: null }, 'ada')).toBeUndefined();
  });

  it('is made with the first key, and read with each', () => {
    const before = new CardVault(cardKeys(second), 'encrypted').keep(number, 'ada');
    const vault = new CardVault(cardKeys(`${first}\n${second}\n`), 'encrypted');
    expect(vault.keep(number, 'ada').sealed).toMatch(/^2026:/);
    expect(vault.open(before, 'ada')).toBe('4111111111111111');
    expect(vault.isSame(number, before, 'ada')).toBe(true);
    const later = new CardVault(cardKeys(first), 'encrypted');
    expect([later.open(before, 'ada'), later.isSame(number, before, 'ada')]).toEqual([undefined, false]);
  });
});

it.each(['', 'abc', randomBytes(32).toString('base64'), 'a:c2hvcnQ=', `${first},${first}`, `a b:${first}`])(
  '%j is no set of keys',
  (text) => {
    expect(() => cardKeys(text)).toThrow('expected');
  },
);

it.each([
  ['4222222222222', 'VISA'],
  ['5555555555554444', 'MASTERCARD'],
  ['2221000000000009', 'MASTERCARD'],
  ['2720999999999996', 'MASTERCARD'],
  ['378282246310005', 'AMERICAN EXPRESS'],
  ['6011000990139424', 'DISCOVER'],
  ['30569309025904', 'DINERS CLUB'],
  ['3530111333300000', 'JCB'],
  ['6200000000000005', 'UNIONPAY'],
  ['6759649826438453', 'MAESTRO'],
  ['1234678900000000', null],
  ['2721000000000004', null],
  ['', null],
])('%s is a card of %s', (digits, brand) => {
  expect(cardBrand(digits)).toBe(brand);
});
