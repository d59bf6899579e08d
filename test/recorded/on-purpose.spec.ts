import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onPurpose, onPurposeInActuator } from './on-purpose';

it('every difference that is on purpose has its reason in the docs', () => {
  const page = readFileSync(join(__dirname, '../../docs/differences.md'), 'utf8');
  const documented = [...page.matchAll(/^\| `([\w.-]+)`/gm)].map(([, name]) => name);
  expect(documented).toEqual([...Object.keys(onPurpose), ...Object.keys(onPurposeInActuator)]);
});
