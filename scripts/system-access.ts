import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { livingOwner } from './data-dir';

const serviceUrls = z.object({
  accounts: z.string(),
  orders: z.string(),
  fulfillment: z.string(),
  gateway: z.string(),
});

const SystemAccess = z.object({
  urls: serviceUrls,
  /** Where the guarded management endpoints of the gateway are. */
  managementUrl: z.string(),
  brokers: z.string(),
  /** Each service has the database of its name there. */
  mongoUri: z.string(),
  managementUsername: z.string(),
  managementPassword: z.string(),
});

/** Where a running system is, and who may operate it. */
export type SystemAccess = z.output<typeof SystemAccess>;

const Noted = SystemAccess.extend({ pid: z.int() });

const fileOf = (dataDir: string) => join(dataDir, 'running.json');

/** Leaves in the data directory, readable for its owner alone, what a command needs to operate the system that this process runs there. */
export function noteRunning(dataDir: string, access: SystemAccess): void {
  const { urls, managementUrl, brokers, mongoUri, managementUsername, managementPassword } = access;
  const noted = { pid: process.pid, urls, managementUrl, brokers, mongoUri, managementUsername, managementPassword };
  const made = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(made, `${JSON.stringify(noted, null, 2)}\n`, { mode: 0o600 });
  // whoever reads finds all of it or nothing
  renameSync(made, fileOf(dataDir));
}

/** Takes away what `noteRunning` has left, or an earlier process that died. */
export function forgetRunning(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** The system that runs on the data directory at this moment; undefined where none does, whatever a process that died has left. */
export function runningOn(dataDir: string): SystemAccess | undefined {
  const owner = livingOwner(dataDir);
  if (owner === undefined) return undefined;
  try {
    const noted = Noted.safeParse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
    return noted.success && noted.data.pid === owner ? noted.data : undefined;
  } catch {
    return undefined; // it has just started, or just ended
  }
}
