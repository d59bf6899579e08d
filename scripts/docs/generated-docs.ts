import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { dashboards } from '../../monitoring/grafana/dashboards';
import { asyncApi } from './async-api';
import { eventsPage } from './events-page';
import { openApis } from './open-api';
import { problemPages } from './problem-pages';
import { prometheusRule } from './prometheus-rule';

const style = { singleQuote: true, printWidth: 120 };

/** Every generated file of the repository, by its path, as it should be. */
export async function generatedDocs(): Promise<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  const events = asyncApi(version);
  const rules = readFileSync(join(__dirname, '../../monitoring/prometheus/storefront.rules.yaml'), 'utf8');
  const boards = dashboards.map(async (board): Promise<[string, string]> => [
    `monitoring/grafana/dashboards/${board.uid}.json`,
    await format(JSON.stringify(board), { ...style, parser: 'json' }),
  ]);
  const apis = Object.entries(await openApis()).map(async ([name, api]): Promise<[string, string]> => [
    `docs/generated/openapi-${name}.json`,
    await format(JSON.stringify(api), { ...style, parser: 'json' }),
  ]);
  const pages = Object.entries(await problemPages()).map(async ([kind, page]): Promise<[string, string]> => [
    `docs/problems/${kind}.md`,
    await format(page, { ...style, parser: 'markdown' }),
  ]);
  return {
    ...Object.fromEntries(await Promise.all(apis)),
    ...Object.fromEntries(await Promise.all(pages)),
    ...Object.fromEntries(await Promise.all(boards)),
    'docs/generated/asyncapi.json': await format(JSON.stringify(events), { ...style, parser: 'json' }),
    'k8s/components/monitoring/rules.yaml': await format(prometheusRule(rules), { ...style, parser: 'yaml' }),
    'docs/generated/events.md': await format(eventsPage(events), { ...style, parser: 'markdown' }),
  };
}
