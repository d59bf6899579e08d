import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../embedded/ports';
import { endProcess } from '../../embedded/processes';
import { eventually } from '../../test/eventually';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

export interface Alert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether the tools of the Debian package `prometheus` are there. */
export function hasPrometheus(): boolean {
  return ['prometheus', 'promtool'].every((tool) => spawnSync(tool, ['--version']).status === 0);
}

/** A real Prometheus of its own. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly pid: number,
  ) {}

  /** `scrapes` are its `scrape_configs`, `rules` is the text of a rule file; both are asked every second unless they say otherwise. */
  static async start(folder: string, scrapes: readonly object[], rules: string): Promise<Prometheus> {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'rules.yaml'), rules);
    // JSON is YAML
    writeFileSync(join(folder, 'prometheus.yaml'), JSON.stringify(configOf(scrapes)));
    const port = await freePort();
    const log = openSync(join(folder, 'prometheus.log'), 'w');
    const files = [`--config.file=${join(folder, 'prometheus.yaml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
    const { pid } = spawn('prometheus', [...files, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'], {
      stdio: ['ignore', log, log],
    });
    if (pid === undefined) throw new Error('Prometheus cannot be started.');
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, pid);
    const isReady = async () => (await fetch(`${prometheus.url}/-/ready`).catch(() => undefined))?.ok;
    await eventually(isReady, (ready) => ready === true, 30_000);
    return prometheus;
  }

  /** Throws when the expression is wrong. */
  async query(expression: string): Promise<Sample[]> {
    const body = new URLSearchParams({ query: expression });
    const answer = (await this.ask('query', { method: 'POST', body })) as QueryAnswer;
    if (answer.status !== 'success') throw new Error(`${answer.error}: ${expression}`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Of samples, and of metrics that have none yet. */
  async metricNames(): Promise<Set<string>> {
    const { data: names } = (await this.ask('label/__name__/values')) as { data: string[] };
    const { data: described } = (await this.ask('metadata')) as { data: object };
    return new Set([...names, ...Object.keys(described)]);
  }

  async alerts(): Promise<Alert[]> {
    const { data } = (await this.ask('alerts')) as {
      data: { alerts: { state: Alert['state']; labels: Record<string, string> }[] };
    };
    return data.alerts.map(({ state, labels }) => ({ name: labels['alertname'] ?? '', state, labels }));
  }

  stop(): Promise<void> {
    return endProcess(this.pid, 5_000);
  }

  private async ask(path: string, init?: RequestInit): Promise<unknown> {
    return (await fetch(`${this.url}/api/v1/${path}`, init)).json();
  }
}

function configOf(scrapes: readonly object[]): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: scrapes,
  };
}
