import type { Finding } from './comparison';
import type { Link } from './links';
import { type Remedy, remedyFor } from './repair';
import type { Difference } from './verdict';

type Case = [Link['ordering'], Difference, Remedy, Remedy];

it.each<Case>([
  ['state', 'missing', 'republish', 'raise'],
  ['state', 'stale', 'republish', 'raise'],
  ['state', 'different', 'raise', 'raise'],
  ['state', 'ahead', 'raise', 'raise'],
  ['state', 'extra', 'raise', 'raise'],
  ['creation', 'missing', 'republish', 'republish'],
  ['creation', 'different', 'await and republish', 'none'],
  ['creation', 'extra', 'none', 'none'],
  ['delta', 'stale', 'republish', 'replace reports'],
  ['delta', 'different', 'replace reports', 'replace reports'],
  ['delta', 'ahead', 'replace reports', 'replace reports'],
  ['delta', 'missing', 'none', 'none'],
  ['delta', 'extra', 'none', 'none'],
])('%s, %s: %s, and where that did not help: %s', (ordering, difference, first, second) => {
  const finding: Finding = { link: 'notes', id: 'a', difference };
  expect(remedyFor({ ordering }, finding)).toBe(first);
  expect(remedyFor({ ordering }, finding, true)).toBe(second);
});

it('raises no owner to where nobody could count on', () => {
  const ahead = (version: number): Finding => ({
    link: 'notes',
    id: 'a',
    difference: 'ahead',
    replica: { id: 'a', version, hash: '' },
  });
  expect(remedyFor({ ordering: 'state' }, ahead(99_999_999_999_999))).toBe('raise');
  expect(remedyFor({ ordering: 'state' }, ahead(100_000_000_000_000))).toBe('none');
});
