import { readFileSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import type { z } from 'zod';

/** How old a value may be: reading a file at each look would be too much where many requests look. */
const CHECK_MS = 5_000;
const logger = new Logger('Environment');

/** A variable whose value came from a file. */
export interface FollowedFile {
  /** Of the variable, without `_FILE`. */
  readonly name: string;
  readonly path: string;
  /** What was in the file when the environment was read. */
  readonly text: string;
}

/**
 * Makes properties of an environment follow the files that their values came from, as Kubernetes changes them when a Secret is rotated: each
 * look at such a property finds what was in the file at most 5 s ago. A text that the variable's schema refuses, an empty one and a file that
 * cannot be read are logged once, without the text, and the last value that was good stays. What was derived from a value does not follow.
 */
export function followFiles(environment: object, schema: z.ZodObject, files: readonly FollowedFile[]): void {
  for (const file of files) {
    const value = new FollowedValue(file, schema.shape[file.name] as z.ZodType, Reflect.get(environment, file.name));
    Object.defineProperty(environment, file.name, { enumerable: true, configurable: true, get: () => value.current() });
  }
}

class FollowedValue {
  private text: string | undefined;
  private lookAgainAt = performance.now() + CHECK_MS;

  constructor(
    private readonly file: FollowedFile,
    private readonly type: z.ZodType,
    private value: unknown,
  ) {
    this.text = file.text;
  }

  current(): unknown {
    if (performance.now() < this.lookAgainAt) return this.value;
    this.lookAgainAt = performance.now() + CHECK_MS;
    const text = this.read();
    if (text === this.text) return this.value;
    this.text = text;
    const parsed = text ? this.type.safeParse(text) : undefined;
    if (parsed?.success) {
      this.value = parsed.data;
      logger.log(`${this.file.name}_FILE has changed, and its new value is used`);
    } else {
      logger.warn(`${this.file.name}_FILE has changed, and cannot be used: the value before is kept`);
    }
    return this.value;
  }

  private read(): string | undefined {
    try {
      return readFileSync(this.file.path, 'utf8').trim();
    } catch {
      return undefined;
    }
  }
}
