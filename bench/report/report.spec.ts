import { page } from './page';
import { merged, type Report } from './report';
import { shown, verdicts } from './targets';

const spread = (median: number) => ({ min: median / 2, median, max: median * 2 });
const result = (of: string, name: string, median: number) => ({ of, figures: { [name]: spread(median) } });

const facts = { date: '2026-11-21T16:00:00.000Z', loadAverage: 0.5, durationMs: 90_000, runs: 3, seconds: 5, scale: 1 };
const caughtUp = result('storefront, 100,000 events', 'events/s of CPU', 20_000);

const report: Report = {
  machine: '2 cores',
  measures: [
    {
      name: 'change',
      about: 'Changes',
      ...facts,
      results: [
        result('storefront, POST customer', 'accounts + orders µs', 300),
        result('floor, POST customer', 'accounts + orders µs', 100),
      ],
    },
    { name: 'catch-up', about: 'Catching up', ...facts, results: [caughtUp] },
    { name: 'start', about: 'Starts', ...facts, results: [], failure: 'npm ended with 1' },
  ],
};

it('a target is reached or not by the median, and by a multiple of what another one has', () => {
  const found = verdicts(report).map(({ about, limit, isReached }) => [about, limit, isReached]);
  expect(found).toEqual([
    ['CPU a customer change, accounts + orders, of the floor', '≤ 1.50 × 100', false],
    ['CPU a customer change, accounts + orders, µs', '≤ 350', true],
    ['Catch-up, events a second of our CPU', '≥ 10000', true],
  ]);
});

it('the page has the targets, every figure with its spread, and what could not be measured', () => {
  const lines = page(report).split('\n');
  expect(lines[0]).toBe('# The last runs of the benchmarks');
  expect(lines.find((line) => line.startsWith('| storefront, POST customer'))).toContain('300 (150–600)');
  expect(lines.find((line) => line.startsWith('| Catch-up'))).toMatch(/20,000\s*\| yes/);
  expect(lines).toContain('Not measured: npm ended with 1');
});

it('the page says so when the machine was not quiet', () => {
  expect(page(report)).not.toContain('busy');
  const measures = report.measures.map((measure) => ({ ...measure, loadAverage: 9 }));
  expect(page({ ...report, measures })).toContain('busy with other work** (load average up to 9.0');
});

it('a measure takes the place of its earlier self, and nothing of another machine stays', () => {
  const again = { name: 'change', about: 'Changes', ...facts, runs: 1, results: [] };
  const names = ['start', 'change', 'catch-up'];
  const both = merged(report, { machine: '2 cores', measures: [again] }, names);
  expect(both.measures.map(({ name, runs }) => [name, runs])).toEqual([
    ['start', 3],
    ['change', 1],
    ['catch-up', 3],
  ]);
  expect(merged(report, { machine: '8 cores', measures: [again] }, names).measures).toEqual([again]);
  expect(merged(undefined, { machine: '2 cores', measures: [again] }, names).measures).toEqual([again]);
});

it('figures have three digits', () => {
  expect([0.1234, 12.345, 123.4, 12_345.6].map(shown)).toEqual(['0.12', '12.3', '123', '12,346']);
});
