import { littlesLawDeviation } from './littles-law';
import { mean, percentile } from './percentiles';
import { cpuMs, processTimes, statusMb } from './process-times';
import { spread, spreads } from './spread';
import { slope, trends } from './trend';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

it.each([
  [0.5, 50],
  [0.99, 99],
  [1, 100],
  [0.001, 1],
])('of 1 to 100, a share of %d does not exceed %d', (share, value) => {
  expect(percentile(hundred, share)).toBe(value);
});

it('percentiles of few values are values that were measured', () => {
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(() => percentile([], 0.5)).toThrow('nothing');
});

it('means', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(() => mean([])).toThrow('nothing');
});

it('a spread is the least, the middle and the most of the runs', () => {
  expect(spread([5, 1, 9])).toEqual({ min: 1, median: 5, max: 9 });
  expect(spread([4, 1])).toEqual({ min: 1, median: 2.5, max: 4 });
  expect(spreads([{ a: 1, b: 2 }, { a: 3 }])).toEqual({
    a: { min: 1, median: 2, max: 3 },
    b: { min: 2, median: 2, max: 2 },
  });
});

it("a client that keeps 8 requests under way agrees with Little's law", () => {
  expect(littlesLawDeviation({ concurrency: 8, ratePerSecond: 400, meanLatencyMs: 20 })).toBeCloseTo(0);
});

it('a client that waits between its requests does not', () => {
  expect(littlesLawDeviation({ concurrency: 8, ratePerSecond: 400, meanLatencyMs: 15 })).toBeCloseTo(-0.25);
});

const stat = (user: number, system: number) =>
  `4711 (node (a b) c) S 1 4711 4711 0 -1 4194560 9000 0 1 0 ${user} ${system} 0 0 20 0 11 0 12345 1000000 30000 1 2 3`;

it('CPU is user and system time, whatever the process is called', () => {
  expect(processTimes(stat(250, 30))).toEqual({ userTicks: 250, systemTicks: 30 });
  expect(cpuMs(processTimes(stat(250, 30)), processTimes(stat(300, 45)), 100)).toBe(650);
  expect(cpuMs(processTimes(stat(250, 30)), processTimes(stat(300, 45)), 1_000)).toBe(65);
});

it('what is no stat line is no measurement', () => {
  expect(() => processTimes('')).toThrow('No process times');
});

it('memory is read in MB', () => {
  const status = 'Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n';
  expect(statusMb(status, 'VmRSS')).toBe(100);
  expect(statusMb(status, 'VmHWM')).toBe(200);
  expect(() => statusMb('Name:\tnode\n', 'VmRSS')).toThrow('VmRSS');
});

it('a slope is that of the nearest line', () => {
  const line = [
    [0, 5],
    [1, 7],
    [2, 9],
  ] as const;
  expect(slope(line)).toBeCloseTo(2);
  const scattered = [
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 2],
  ] as const;
  expect(slope(scattered)).toBeCloseTo(0.6);
  expect(() =>
    slope([
      [1, 1],
      [1, 2],
    ]),
  ).toThrow('no slope');
});

it('a trend has both ends and its growth an hour, also when it bends', () => {
  const minute = (n: number, files: number, live?: number) => ({
    atMs: n * 60_000,
    figures: { files, ...(live !== undefined && { live }) },
  });
  const { files, live } = trends([
    ...Array.from({ length: 30 }, (_, n) => minute(n, n)),
    ...Array.from({ length: 29 }, (_, n) => minute(30 + n, 30)),
    minute(59, 30, 7),
  ]);
  expect(files?.['at first']).toEqual({ min: 0, median: 0.5, max: 1 });
  expect(files?.['at last']).toEqual({ min: 30, median: 30, max: 30 });
  expect(files?.['growth/h']?.median).toBeGreaterThan(25);
  expect(files?.['growth/h, 2nd half']?.median).toBeCloseTo(0);
  expect(live).toEqual({ 'at first': spread([7]), 'at last': spread([7]) });
});
