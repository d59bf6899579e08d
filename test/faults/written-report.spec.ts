import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown, tableIn, withTable } from './written-report';

const textOf = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');

it('the README shows the table of the last run', () => {
  const shown = tableIn(textOf('README.md'));
  expect(shown).toMatch(/^\| scenario /);
  expect(textOf('docs', 'generated', 'faults.md')).toContain(`\n\n${shown}\n`);
});

it('puts a table between the markers and leaves the rest alone', () => {
  const faultTable = markdown([
    ['scenario', 'lost'],
    ['a', '0'],
  ]);
  const text = withTable(textOf('README.md'), faultTable);
  expect(tableIn(text)).toBe('| scenario | lost |\n| -------- | ---- |\n| a        | 0    |');
  expect(withTable(text, tableIn(textOf('README.md')) ?? '')).toBe(textOf('README.md'));
});
