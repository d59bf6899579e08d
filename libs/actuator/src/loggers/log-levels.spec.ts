import { type Level, levelNamed, LogLevels } from './log-levels';

let told: Level[];
let levels: LogLevels;

beforeEach(() => {
  told = [];
  const groups = { kafka: ['Publisher', 'KafkaConsumer'] };
  levels = new LogLevels({ loggers: { 'org.web': 'WARN' }, groups });
  levels.onChange((level) => told.push(level));
});

describe('a level', () => {
  it.each<[string, Level, boolean]>([
    ['Anything', 'INFO', true],
    ['Anything', 'DEBUG', false],
    ['org.web', 'INFO', false],
    ['org.web.mapping', 'WARN', true],
    ['ORG.WEB.mapping', 'INFO', false],
    ['org.webber', 'INFO', true],
  ])('%s lets %s in: %s', (name, level, isIn) => {
    expect(levels.isEnabled(name, level)).toBe(isIn);
  });

  it('changes while loggers are in use, and goes back', () => {
    expect(levels.isEnabled('Sweep', 'DEBUG')).toBe(false);
    levels.configure('sweep', 'DEBUG');
    expect(levels.isEnabled('Sweep', 'DEBUG')).toBe(true);
    expect(levels.isEnabled('Other', 'DEBUG')).toBe(false);
    levels.configure('Sweep', undefined);
    expect(levels.isEnabled('Sweep', 'DEBUG')).toBe(false);
    expect(told.slice(-2)).toEqual(['DEBUG', 'INFO']);
  });

  it('of the root is that of all without one, and cannot be taken away', () => {
    levels.configure('ROOT', 'ERROR');
    expect([levels.isEnabled('Sweep', 'WARN'), levels.isEnabled('org.web', 'WARN')]).toEqual([false, true]);
    levels.configure('ROOT', undefined);
    expect(levels.one('ROOT')).toEqual({ configuredLevel: 'INFO', effectiveLevel: 'INFO' });
  });

  it('of a group is that of its members', () => {
    levels.configure('kafka', 'TRACE');
    expect(levels.isEnabled('Publisher', 'TRACE')).toBe(true);
    expect(levels.one('kafka')).toEqual({ configuredLevel: 'TRACE', members: ['Publisher', 'KafkaConsumer'] });
  });

  it('OFF lets nothing in', () => {
    levels.configure('ROOT', 'OFF');
    expect(levels.isEnabled('Service', 'FATAL')).toBe(false);
  });
});

describe('a logger', () => {
  it('is known once it was used or configured', () => {
    expect(levels.one('Sweep')).toBeUndefined();
    levels.isEnabled('Sweep', 'INFO');
    expect(levels.one('Sweep')).toEqual({ configuredLevel: null, effectiveLevel: 'INFO' });
    levels.configure('com.storefront', 'DEBUG');
    expect(Object.keys(levels.all().loggers)).toEqual([
      'ROOT',
      'KafkaConsumer',
      'Publisher',
      'Sweep',
      'com.storefront',
      'org.web',
    ]);
  });
});

it.each([
  ['debug', 'DEBUG'],
  ['Off', 'OFF'],
  ['false', 'OFF'],
  ['loud', undefined],
  ['fatal', undefined],
])('%s names %s', (text, level) => {
  expect(levelNamed(text)).toBe(level);
});

describe('names that somebody invents', () => {
  it('are 500 at most: known ones can still be changed, and others after one is gone', () => {
    const levels = new LogLevels({ loggers: { a: 'WARN' } });
    const invent = () => {
      for (let index = 0; index < 10_000; index++) levels.configure(`invented.${index}`, 'DEBUG');
    };
    expect(invent).toThrow('At most 500 loggers are kept');
    expect(Object.keys(levels.all().loggers)).toHaveLength(500);
    levels.configure('a', 'ERROR');
    expect(levels.one('a')).toEqual({ configuredLevel: 'ERROR', effectiveLevel: 'ERROR' });
  });

  it('are not kept where there is nothing to take back, and are no members of objects', () => {
    const levels = new LogLevels();
    levels.configure('nobody', undefined);
    levels.configure('constructor', 'DEBUG');
    expect(levels.one('nobody')).toBeUndefined();
    expect(levels.one('constructor')).toEqual({ configuredLevel: 'DEBUG', effectiveLevel: 'DEBUG' });
  });
});
