import { secondsOf } from './duration';
import { choiceOf, isChosen, targetsOf } from './parked-bulk';
import { WrongCall } from './wrong-call';

describe('lanes that are given up together', () => {
  it.each([
    [{ 'reason-matches': 'not json' }, true],
    [{ 'reason-matches': '^gap' }, false],
    [{ 'older-than': '15m' }, true],
    [{ 'older-than': '901s' }, false],
    [{ 'reason-matches': 'JSON$', 'older-than': '1h' }, false],
    [{ topic: 'orders.order.fulfill' }, true],
  ])('are chosen by %p: %p', (options, expected) => {
    const choice = choiceOf(options);
    expect(choice && isChosen(choice, { reason: 'the value is not JSON', ageSeconds: 900 })).toBe(expected);
  });

  it('are never all of them for want of an option', () => {
    expect(choiceOf({})).toBeUndefined();
    expect(() => choiceOf({ 'reason-matches': '(' })).toThrow(WrongCall);
    expect(() => choiceOf({ 'older-than': 'yesterday' })).toThrow(/^--older-than yesterday/);
  });

  it('give each version up once, the lowest first, then what has none', () => {
    const events = [
      { version: 3, position: '0:7' },
      { version: null, position: '0:4' },
      { version: 2, position: '0:9' },
      { version: 3, position: '0:8' },
      { version: null, position: '0:5' },
    ];
    expect(targetsOf(events)).toEqual([{ version: 2 }, { version: 3 }, { position: '0:4' }, { position: '0:5' }]);
  });
});

test.each([
  ['90', 90],
  ['90s', 90],
  ['15m', 900],
  ['2h', 7_200],
  ['1d', 86_400],
  ['0', 0],
])('%s is %d seconds', (text, seconds) => {
  expect(secondsOf('--older-than', text)).toBe(seconds);
});
