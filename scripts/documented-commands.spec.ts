import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';

const root = repositoryRoot();
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const folder = join(root, 'docs/operations');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/security.md',
  ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs/operations', file)),
];
const call = /npm run ([\w:]+)(?: -- ([^`\n|#]*))?/g;
const shared = ['scripts/access.ts', 'scripts/command.ts'].map((file) => readFileSync(join(root, file), 'utf8')).join();

/** Page, command and one option that the page gives it. */
const given = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(call)].flatMap(([, name = '', args = '']) => {
    const options = [...args.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, option = '']) => option);
    return [...new Set(options)].map((option): [string, string, string] => [page, name, option]);
  }),
);

it('are many: the pages are read as they are written', () => {
  expect(given.length).toBeGreaterThan(40);
  expect(given).toContainEqual(['docs/operations/parked-events.md', 'parked', 'reason-matches']);
});

it.each([...new Set(given.map((each) => each.join(' ')))])('there is what a page names: %s', (text) => {
  const [, name = '', option = ''] = text.split(' ');
  const file = /\S+\.ts/.exec(scripts[name] ?? '')?.[0];
  expect([name, file]).toEqual([name, expect.any(String)]);
  const source = readFileSync(join(root, file ?? ''), 'utf8');
  const isTold = new RegExp(`--${option}(?![\\w-])`).test(source);
  const isKey = (text: string) => new RegExp(`^ +'?${option}'?(: |,)`, 'm').test(text);
  expect([option, isTold || isKey(source) || isKey(shared) || shared.includes(` ${option}: {`)]).toEqual([
    option,
    true,
  ]);
});
