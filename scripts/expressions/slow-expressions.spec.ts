import { expressionsIn } from './expressions-in';
import { slowness } from './slow-expressions';

describe('the regular expressions of a source file', () => {
  it('are its literals and what it computes, with their lines', () => {
    const source =
      "const a = /x\\/y[/]/gi;\n// /no/\nconst b = '/no/';\nconst c = 6 / 2 / 1;\ncheck(/z/.test(a), new RegExp(b));";
    expect(expressionsIn('a.ts', source)).toEqual([
      { line: 1, source: 'x\\/y[/]', flags: 'gi' },
      { line: 5, source: 'z', flags: '' },
      { line: 5, source: 'new RegExp(b)', flags: '', isComputed: true },
    ]);
  });
});

describe('a regular expression', () => {
  it.each([
    // the ones of the log that a ce_type of 300 KB kept busy for two minutes
    [String.raw`(\w+:\/\/[^\s:/@"]*:)[^\s@"]+@`, 'polynomial'],
    [String.raw`\/+$`, 'polynomial'],
    [String.raw`^(a+)+$`, 'exponential'],
  ])('%s is slow', (source, how) => {
    expect(slowness({ line: 1, source, flags: 'g' })).toContain(how);
  });

  it('is slow as far as anyone can tell where it is computed', () => {
    expect(slowness({ line: 1, source: 'new RegExp(x)', flags: '', isComputed: true })).toContain('computed');
  });

  it.each([String.raw`^[a-z]+$`, String.raw`\s+`, String.raw`:\d{1,5}$`])('%s is not slow', (source) => {
    expect(slowness({ line: 1, source, flags: '' })).toBeUndefined();
  });
});
