import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load } from '../../test/faults/load';
import { Storefront, type StorefrontOptions } from '../../test/system/storefront';
import { Prometheus } from './prometheus';

const jobs = ['accounts', 'orders', 'fulfillment', 'gateway'] as const;

/** The whole system under load, and a Prometheus that watches it. */
export class MonitoredStorefront {
  private constructor(
    readonly storefront: Storefront,
    readonly prometheus: Prometheus,
    private readonly load: Load,
    private readonly folder: string,
  ) {}

  static async start(rules: string, options: StorefrontOptions = {}): Promise<MonitoredStorefront> {
    const folder = mkdtempSync(join(tmpdir(), 'storefront-monitored-'));
    const storefront = await Storefront.start(options);
    try {
      const scrapes = jobs.map((job) => scrapeOf(job, storefront.url(job)));
      const prometheus = await Prometheus.start(folder, scrapes, rules);
      const load = new Load(storefront.gatewayUrls, { seed: 1, workers: 4, pauseMs: 50 });
      return new MonitoredStorefront(storefront, prometheus, load.start(), folder);
    } catch (error) {
      await storefront.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.load.stop();
    await this.prometheus.stop();
    await this.storefront.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function scrapeOf(job: string, url: string): object {
  return {
    job_name: job,
    metrics_path: '/actuator/prometheus',
    // a service whose store is away needs 2 s to say so
    scrape_interval: '3s',
    scrape_timeout: '3s',
    static_configs: [{ targets: [new URL(url).host] }],
  };
}
