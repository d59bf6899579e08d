import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '../../scripts/system';

/** What the client sent, and what one of the original services answered. Header names of answers are in small letters. */
export interface Recording {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** An empty one was taken out: without it, the client sends any `Accept` and names forms as the type of a body. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | null;
  };
  readonly response: Answered;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export const recordedServices = ['accounts', 'orders', 'fulfillment'] as const satisfies readonly ServiceName[];
export type RecordedService = (typeof recordedServices)[number];

/** Where the recorded service was. */
export const recordedHosts: Readonly<Record<RecordedService, string>> = {
  accounts: 'http://127.0.0.1:8085',
  orders: 'http://127.0.0.1:8090',
  fulfillment: 'http://127.0.0.1:8095',
};

/** In the order they were made, the sample run (`s1-…` to `s8-…`) first. */
export function recordingsOf(service: RecordedService): Recording[] {
  return JSON.parse(readFileSync(join(__dirname, `${service}.json`), 'utf8')) as Recording[];
}

/** The seven steps of the sample run, and the summaries after it: `s1-…` to `s8-…`. */
export function isOfSampleRun({ name }: Recording): boolean {
  return /^s\d-/.test(name);
}

export function isOfActuator({ name }: Recording): boolean {
  return name.startsWith('act-');
}
