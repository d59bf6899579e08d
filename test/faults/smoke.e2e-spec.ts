import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlNamed, playControls } from './negative-controls';
import { isNoticed } from './noticed';
import type { Row } from './row';
import { scenarioNamed } from './scenarios';
import { newSeed } from './seeded';
import { play } from './suite';

/** Of every kind of fault the most telling one; `npm run test:faults` plays them all. */
const smoke = [
  'killed-at-batch-acknowledged',
  'killed-at-events-applied',
  'killed-at-events-parked',
  'services-killed',
  'services-stopped',
  'kafka-killed',
  'store-killed',
  'groups-to-latest',
  'shuffled-within-a-key',
];

const folder = mkdtempSync(join(tmpdir(), 'storefront-smoke-'));
const say = (line: string) => void process.stdout.write(`${line.slice(0, 2_000)}\n`);
const seed = newSeed();
let rows: Row[] = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a smoke subset of the fault suite holds', async () => {
  rows = await play({ scenarios: smoke.map(scenarioNamed), seed, folder, say, perFamily: false });
  expect(
    rows.flatMap(({ scenario, violations }) => violations.map(({ kind, text }) => [scenario, kind, text])),
  ).toEqual([]);
}, 600_000);

it('and breaks when a safeguard is taken away', async () => {
  const [noticed] = await playControls([controlNamed('own-offsets')], { rows, seed, folder, say });
  expect(noticed && isNoticed(noticed)).toBe(true);
}, 120_000);
