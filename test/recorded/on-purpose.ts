import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Some recorded requests, and what is not as recorded in the answer to each of them, on purpose. */
export interface OnPurpose {
  readonly requests: readonly string[];
  /** As `differences` tells them; one that ends with … stands for all that begin so. */
  readonly lines: readonly string[];
}

/** By the name under which docs/differences.md has the reason. */
export type Purposes = Readonly<Record<string, readonly OnPurpose[]>>;

export const onPurpose = purposes('on-purpose.json');

/** What the management endpoints do not have, or have beyond the originals. */
export const onPurposeInActuator = purposes('on-purpose-in-actuator.json');

function purposes(file: string): Purposes {
  return JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as Purposes;
}
