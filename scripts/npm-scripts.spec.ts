import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';

const { scripts } = JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const commands = Object.entries(scripts).flatMap(([name, script]) =>
  script.split('&&').map((command): [string, string] => [name, command.trim()]),
);

// cmd.exe knows neither, and tsx, which passes signals on, kills what has not ended 60 ms after one
test.each(commands)('npm run %s: %s', (_name, command) => {
  expect(command).not.toMatch(/^(exec\s|tsx\s|\w+=)/);
});
