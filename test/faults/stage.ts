import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Storefront } from '../system/storefront';
import type { Remains } from './drive';
import type { Scenario } from './scenario';

interface Played {
  readonly key: string;
  readonly storefront: Storefront;
  readonly remains: Remains;
}

/** The system that scenarios share, unless they are of another family, need another one, or one of them broke it. */
export class Stage {
  private current: Played | undefined;

  constructor(private readonly perFamily: boolean) {}

  async for({ family, needs }: Scenario): Promise<Played> {
    const key = JSON.stringify([this.perFamily && family, needs ?? {}]);
    if (this.current?.key !== key) {
      await this.clear();
      const storefront = await Storefront.start({ ...needs, apart: true });
      this.current = { key, storefront, remains: { lanes: new Set(), foreign: new Set() } };
    }
    return this.current;
  }

  /** The next scenario gets a new system. */
  async clear(): Promise<void> {
    await this.current?.storefront.stop();
    this.current = undefined;
  }

  /** What the services logged, for who looks for the cause. */
  keepLogs(folder: string): void {
    const dataDir = this.current?.storefront.dataDir;
    if (dataDir === undefined) return;
    for (const part of ['system', 'kafka', 'store'])
      cpSync(join(dataDir, part, 'logs'), join(folder, part), { recursive: true });
  }
}
