import { mean } from './percentiles';
import { type Figures, type Spread, spread } from './spread';

/** What was seen at one time, by name. */
export interface Sample {
  readonly atMs: number;
  readonly figures: Figures;
}

const HOUR_MS = 3_600_000;
/** Of all samples: a minute of thirty. */
const EDGE = 1 / 30;

/**
 * How each figure went on, by its name: at first and at last (a thirtieth of the samples), and how much more it becomes in an
 * hour, over all of the time and over the second half of it. A figure that was seen at one time only has no growth.
 */
export function trends(samples: readonly Sample[]): Record<string, Record<string, Spread>> {
  const names = new Set(samples.flatMap(({ figures }) => Object.keys(figures)));
  return Object.fromEntries([...names].map((name) => [name, trend(samples, name)]));
}

function trend(samples: readonly Sample[], name: string): Record<string, Spread> {
  const points = samples.flatMap(({ atMs, figures: { [name]: value } }): Point[] =>
    value === undefined ? [] : [[atMs / HOUR_MS, value]],
  );
  const values = points.map(([, value]) => value);
  const edge = Math.ceil(values.length * EDGE);
  const ends = { 'at first': spread(values.slice(0, edge)), 'at last': spread(values.slice(-edge)) };
  const half = points.slice(Math.floor(points.length / 2));
  if (half.length < 2) return ends;
  return { ...ends, 'growth/h': spread([slope(points)]), 'growth/h, 2nd half': spread([slope(half)]) };
}

export type Point = readonly [x: number, y: number];

/** Of the line that is nearest to the points by least squares: how much y grows for each x. Throws unless two x differ. */
export function slope(points: readonly Point[]): number {
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const together = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const apart = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (!(apart > 0)) throw new Error('There is no slope at one place.');
  return together / apart;
}
