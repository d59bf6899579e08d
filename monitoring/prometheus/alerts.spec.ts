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
    return { name, page: /page: (\S+)/.exec(rule)?.[1] ?? '', severity: /severity: (\w+)/.exec(rule)?.[1] ?? '' };
  });

describe.each(alerts)('the alert $name', ({ name, page, severity }) => {
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

it('every page is of an alert', () => {
  const pages = readdirSync(join(root, 'docs/operations/alerts')).map((file) => `docs/operations/alerts/${file}`);
  expect(pages.toSorted()).toEqual(alerts.map(({ page }) => page).toSorted());
});
