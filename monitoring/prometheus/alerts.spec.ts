import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const rules = read('monitoring/prometheus/storefront.rules.yaml');
const tests = read('monitoring/prometheus/storefront.rules.test.yaml');

const alerts = rules
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((rule) => {
    const [name = ''] = rule.split('\n');
    const runbook = /runbook_url: '.*\}\}\/(\S+)'/.exec(rule)?.[1] ?? '';
    const has = (annotation: string) => new RegExp(`^ {10}${annotation}: \\S`, 'm').test(rule);
    return {
      name,
      page: `docs/operations/alerts/${runbook}`,
      severity: /severity: (\w+)/.exec(rule)?.[1] ?? '',
      isDescribed: has('summary') && has('description'),
    };
  });

describe.each(alerts)('the alert $name', ({ name, page, severity, isDescribed }) => {
  it('has a summary and a description', () => {
    expect(isDescribed).toBe(true);
  });

  it('has a page that says what it means, how to look and what to do', () => {
    const text = read(page);
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([name, 'What it means', 'How to look', 'What to do']);
    expect(text).toContain(`Severity: ${severity}.`);
  });

  it('is tested: that it fires', () => {
    expect(tests).toMatch(new RegExp(`alertname: ${name}\\n +exp_alerts:\\n +- exp_labels`));
  });

  it('is tested: that it does not', () => {
    expect(tests).toMatch(new RegExp(`alertname: ${name}\\n +exp_alerts: \\[\\]`));
  });
});

it('Alertmanager is told of alerts that there are only', () => {
  const named = [...read('monitoring/alertmanager/alertmanager.yaml').matchAll(/alertname=~?"(Storefront[^"]+)"/g)];
  const patterns = named.flatMap(([, text = '']) => alternatives(text));
  const known = new Set(alerts.map(({ name }) => name));
  expect(patterns.filter((name) => !known.has(name) && name !== 'Storefront.+')).toEqual([]);
});

/** `Storefront(A|B)` means StorefrontA and StorefrontB. */
function alternatives(pattern: string): string[] {
  const [, before = pattern, inside] = /^(\w+)\((.*)\)$/.exec(pattern) ?? [];
  return inside === undefined ? [pattern] : inside.split('|').map((each) => before + each);
}

it('every page is of an alert', () => {
  const pages = readdirSync(join(root, 'docs/operations/alerts')).map((file) => `docs/operations/alerts/${file}`);
  expect(pages.toSorted()).toEqual(alerts.map(({ page }) => page).toSorted());
});
