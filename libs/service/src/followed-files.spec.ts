import { mkdtempSync, rmSync, symlinkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { readEnvironment } from './environment';

const folder = mkdtempSync(join(tmpdir(), 'storefront-followed-'));
const schema = z.object({ PASSWORD: z.string().optional(), PORT: z.coerce.number().int().default(1) });
let now = 0;
let said: string[];

beforeEach(() => {
  said = [];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  for (const level of ['log', 'warn'] as const) {
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation((...[text]: unknown[]) => void said.push(`${level} ${String(text)}`));
  }
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

/** As Kubernetes mounts a Secret: a link to a link, which is replaced. */
function rotate(name: string, text: string): void {
  const version = join(folder, `..${name}-${Math.random()}`);
  writeFileSync(version, text);
  symlinkSync(version, `${version}.link`);
  renameSync(`${version}.link`, join(folder, name));
}

const read = (name: 'PASSWORD' | 'PORT') => readEnvironment(schema, { [`${name}_FILE`]: join(folder, name) });

describe('a value from a file', () => {
  it('follows the file, and is looked at again after 5 s at the earliest', () => {
    rotate('PASSWORD', 'first\n');
    const environment = read('PASSWORD');
    rotate('PASSWORD', 'second\n');
    now += 4_999;
    expect(environment.PASSWORD).toBe('first');
    now += 1;
    expect(environment.PASSWORD).toBe('second');
    expect(said).toEqual(['log PASSWORD_FILE has changed, and its new value is used']);
    expect({ ...environment }).toEqual({ PASSWORD: 'second', PORT: 1 });
  });

  it('stays as it was where the new one cannot be used, which is said once and without the text', () => {
    rotate('PORT', '8080');
    const environment = read('PORT');
    rotate('PORT', '5ecret');
    for (const _ of [1, 2]) {
      now += 5_000;
      expect(environment.PORT).toBe(8080);
    }
    expect(said).toEqual(['warn PORT_FILE has changed, and cannot be used: the value before is kept']);
    unlinkSync(join(folder, 'PORT'));
    now += 5_000;
    expect(environment.PORT).toBe(8080);
    rotate('PORT', '');
    now += 5_000;
    expect(environment.PORT).toBe(8080);
    rotate('PORT', '9090');
    now += 5_000;
    expect(environment.PORT).toBe(9090);
  });

  it('is read as it is where it came without a file', () => {
    const environment = readEnvironment(schema, { PASSWORD: 'fixed' });
    expect(Object.getOwnPropertyDescriptor(environment, 'PASSWORD')?.value).toBe('fixed');
  });
});
