const FIRST_REDRIVE_MS = 1_000;
const MAX_REDRIVE_MS = 60_000;

/** The time to wait after so many failed redrives in a row, ms: 1 s, 2 s, 4 s … up to a minute. */
export function redriveDelayMs(attempts: number): number {
  return Math.min(FIRST_REDRIVE_MS * 2 ** Math.min(Math.max(0, attempts - 1), 10), MAX_REDRIVE_MS);
}
