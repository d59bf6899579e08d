import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Storefront } from '../system/storefront';
import type { Scenario } from './scenario';

/** The system that scenarios share, unless they are of another family, need another one, or one of them broke it. */
export class Stage {
  private current: { key: string; storefront: Storefront } | undefined;

  constructor(private readonly perFamily: boolean) {}

  async for({ family, needs }: Scenario): Promise<Storefront> {
    const key = JSON.stringify([this.perFamily && family, needs ?? {}]);
    if (this.current?.key !== key) {
      await this.clear();
      this.current = { key, storefront: await Storefront.start({ ...needs, apart: true }) };
    }
    return this.current.storefront;
  }

  /** The next scenario gets a new system. */
  async clear(): Promise<void> {
    await this.current?.storefront.stop();
    this.current = undefined;
  }

  /** What the services logged, for who looks for the cause. */
  keepLogs(folder: string): void {
    if (this.current) cpSync(join(this.current.storefront.dataDir, 'system', 'logs'), folder, { recursive: true });
  }
}
