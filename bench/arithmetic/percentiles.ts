/** The smallest of the values that at least this share (0 to 1) of them do not exceed. Throws without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('There is no percentile of nothing.');
  return value;
}

export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('There is no mean of nothing.');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
