import type { Entry } from './service-client';
import { type Difference, differenceOf } from './verdict';

const entry = (version: number, more: Partial<Entry> = {}): Entry => ({ id: 'a', version, hash: 'h', ...more });
const foreign = { foreign: true } as const;
const deleted = { deleted: true, hash: '' } as const;

type Case = [string, Entry | undefined, Entry | undefined, Difference | undefined];

describe('a copy of a state', () => {
  it.each<Case>([
    ['is alike', entry(2), entry(2), undefined],
    ['is deleted on both sides', entry(2, deleted), entry(2, deleted), undefined],
    ['is not there', entry(2), undefined, 'missing'],
    ['is not there, and its owner never published it', entry(0), undefined, 'missing'],
    ['is older', entry(2), entry(1), 'stale'],
    ['is older because nobody versioned it yet', entry(1), entry(0, foreign), 'stale'],
    ['is newer', entry(2), entry(3), 'ahead'],
    ['has other content', entry(2), entry(2, { hash: 'x' }), 'different'],
    ['lives on', entry(2, deleted), entry(2), 'different'],
    ['was deleted here only', entry(2), entry(2, deleted), 'different'],
    ['has no owner', undefined, entry(2), 'extra'],
    ['is somebody else’s', undefined, entry(0, foreign), undefined],
    ['is nowhere', undefined, undefined, undefined],
  ])('%s', (_, owner, replica, difference) => {
    expect(differenceOf({ ordering: 'state' }, owner, replica)).toBe(difference);
  });
});

describe('what a request made', () => {
  it.each<Case>([
    ['is there', entry(1), entry(1), undefined],
    ['is not there', entry(1), undefined, 'missing'],
    ['was never asked for', undefined, entry(1), 'extra'],
    ['was asked for by an order that is deleted', entry(1, deleted), entry(1), undefined],
    ['was asked for by somebody else', entry(0, foreign), entry(1), undefined],
  ])('%s', (_, owner, replica, difference) => {
    expect(differenceOf({ ordering: 'creation' }, owner, replica)).toBe(difference);
  });
});

describe('a history', () => {
  it.each<Case>([
    ['lacks reports', entry(3), entry(2), 'stale'],
    ['has none, and none was made', entry(0), undefined, undefined],
    ['is of an order that is not there', entry(3), undefined, 'missing'],
    ['is of an order that is deleted', entry(3), entry(0, deleted), undefined],
    ['has reports that nobody made', undefined, entry(3), 'extra'],
    ['is of an order that nobody versioned', entry(3), entry(0, foreign), undefined],
  ])('%s', (_, owner, replica, difference) => {
    expect(differenceOf({ ordering: 'delta' }, owner, replica)).toBe(difference);
  });
});
