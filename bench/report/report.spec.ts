import { page } from './page';
import type { Report } from './report';
import { shown, verdicts } from './targets';

const spread = (median: number) => ({ min: median / 2, median, max: median * 2 });
const result = (of: string, name: string, median: number) => ({ of, figures: { [name]: spread(median) } });

const report: Report = {
  date: '2026-11-21T16:00:00.000Z',
  machine: '2 cores',
  loadAverage: 0.5,
  durationMs: 90_000,
  runs: 3,
  seconds: 5,
  scale: 1,
  measures: [
    {
      name: 'change',
      about: 'Changes',
      results: [
        result('storefront, POST customer', 'accounts + orders µs', 300),
        result('floor, POST customer', 'accounts + orders µs', 100),
      ],
    },
    {
      name: 'catch-up',
      about: 'Catching up',
      results: [result('storefront, 100,000 events', 'events/s of CPU', 20_000)],
    },
    { name: 'start', about: 'Starts', results: [], failure: 'npm ended with 1' },
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
  expect(lines[0]).toBe('# The last run of the benchmarks');
  expect(lines.find((line) => line.startsWith('| storefront, POST customer'))).toContain('300 (150–600)');
  expect(lines.find((line) => line.startsWith('| Catch-up'))).toMatch(/20,000\s*\| yes/);
  expect(lines).toContain('Not measured: npm ended with 1');
});

it('figures have three digits', () => {
  expect([0.1234, 12.345, 123.4, 12_345.6].map(shown)).toEqual(['0.12', '12.3', '123', '12,346']);
});
