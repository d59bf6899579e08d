import { type Engines, type EnginesOptions, startEngines } from '../embedded/engines';
import { Backoff } from './backoff';
import { diskTrouble, fullDisk, told } from './disk-space';

/** The embedded engines, started again on the same ports and data when their JVM dies. */
export class SupervisedEngines {
  private readonly backoff = new Backoff();
  private again: NodeJS.Timeout | undefined;
  private isStopping = false;
  private running: Engines | undefined;
  private starting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: EnginesOptions,
    private readonly restart: boolean,
  ) {}

  /** The JVM that runs, or ran last. */
  get current(): Engines | undefined {
    return this.running;
  }

  async start(): Promise<Engines> {
    clearTimeout(this.again);
    this.backoff.started();
    const starting = startEngines(this.options);
    this.starting = starting.catch(() => {});
    this.running = await starting;
    this.running.onExit((code) => this.died(code));
    return this.running;
  }

  async stop(patienceMs: number): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.again);
    await this.starting;
    await this.running?.stop(patienceMs);
  }

  async kill(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.again);
    await this.running?.kill();
  }

  private died(code: number | null): void {
    if (this.isStopping) return;
    const trouble = diskTrouble(this.options.dataDir, code);
    const how = code === null ? 'by a signal' : `exit code ${code}`;
    this.options.onProgress?.(
      `The engines (Kafka, documents) died (${how}).${trouble === undefined ? '' : ` ${trouble}`}`,
    );
    if (this.restart) this.startLater();
  }

  private startLater(): void {
    const delayMs = this.backoff.nextDelayMs();
    this.options.onProgress?.(`Starting the engines again in ${delayMs / 1_000} s.`);
    this.again = setTimeout(() => {
      this.start().then(
        () => this.options.onProgress?.('The engines are back.'),
        (error: unknown) => {
          this.options.onProgress?.(fullDisk(this.options.dataDir) ?? told(error));
          if (!this.isStopping) this.startLater();
        },
      );
    }, delayMs);
  }
}
