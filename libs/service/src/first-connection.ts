import { type BeforeApplicationShutdown, Logger, type OnModuleInit } from '@nestjs/common';
import type { Connection } from 'mongoose';

const pauseMs = 1_000;
const logger = new Logger('Store');

/**
 * Opens a connection again until it was open once; later breaks are the driver's to heal. Needed because mongoose gives up
 * after the first failure (https://mongoosejs.com/docs/connections.html#error-handling).
 */
export class FirstConnection implements OnModuleInit, BeforeApplicationShutdown {
  private wasOpen = false;
  private isStopped = false;
  private lastTrouble = '';

  constructor(
    private readonly connection: Connection,
    private readonly open: () => Promise<unknown>,
  ) {}

  onModuleInit(): void {
    this.connection.on('connected', () => this.noteOpen());
    this.connection.on('disconnected', () => this.noteBreak());
    void this.keepTrying(this.connection.asPromise());
  }

  /** Closing waits for an attempt that is under way, so that one is given up first. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (!this.wasOpen) await this.connection.getClient().close();
  }

  private async keepTrying(firstAttempt: Promise<unknown>): Promise<void> {
    for (let attempt = firstAttempt; ; attempt = this.open()) {
      try {
        await attempt;
        return;
      } catch (error) {
        this.warn(`Not connected${this.login}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (this.isStopped) return;
    }
  }

  /** Whom the store knows us as. */
  private get login(): string {
    const { credentials } = this.connection.getClient().options;
    return credentials ? ` as user ${credentials.username} of database ${credentials.source}` : '';
  }

  private noteOpen(): void {
    this.wasOpen = true;
    this.lastTrouble = '';
    logger.log('Connected');
  }

  /** The driver also says so after each attempt that failed. */
  private noteBreak(): void {
    if (this.wasOpen && !this.isStopped) this.warn('Disconnected');
  }

  /** Once until something else happens. */
  private warn(trouble: string): void {
    if (trouble !== this.lastTrouble) logger.warn(trouble);
    this.lastTrouble = trouble;
  }
}
