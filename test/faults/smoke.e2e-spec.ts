import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarioNamed } from './scenarios';
import { newSeed } from './seeded';
import { play } from './suite';

/** Of every kind of fault the most telling one; `npm run test:faults` plays them all. */
const smoke = ['services-killed', 'services-stopped', 'kafka-killed', 'store-killed'];

const folder = mkdtempSync(join(tmpdir(), 'storefront-smoke-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a smoke subset of the fault suite holds', async () => {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const rows = await play({ scenarios: smoke.map(scenarioNamed), seed: newSeed(), folder, say, perFamily: false });
  expect(
    rows.flatMap(({ scenario, violations }) => violations.map(({ kind, text }) => [scenario, kind, text])),
  ).toEqual([]);
}, 300_000);
