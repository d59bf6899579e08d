import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PASSWORD_BYTES = 24;

/** A folder with a file a user, only its owner can read: to be mounted, or put into Secrets, from there. */
export class PasswordFiles {
  constructor(private readonly folder: string) {}

  has(user: string): boolean {
    return existsSync(this.fileOf(user));
  }

  fileOf(user: string): string {
    return join(this.folder, user);
  }

  /** The user's password; made and written where there is none yet. */
  passwordOf(user: string): string {
    if (!this.has(user)) this.write(user);
    const password = readFileSync(this.fileOf(user), 'utf8').trim();
    if (password === '') throw new Error(`${this.fileOf(user)} is empty: a password is expected.`);
    return password;
  }

  /** Writes a new one over it. */
  replace(user: string): string {
    this.write(user);
    return this.passwordOf(user);
  }

  private write(user: string): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.fileOf(user), `${randomBytes(PASSWORD_BYTES).toString('base64url')}\n`, { mode: 0o600 });
  }
}
