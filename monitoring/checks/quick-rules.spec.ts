import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickRules } from './quick-rules';

it('hurries, and changes nothing else', () => {
  const rule = 'expr: rate(a[5m]) > 30 and deriv(b:rate5m[10m]) >= 0\n        for: 10m\n        labels: {}';
  expect(quickRules(rule)).toBe(
    'expr: rate(a[15s]) > 30 and deriv(b:rate5m[15s]) >= 0\n        for: 2s\n        labels: {}',
  );
});

it('leaves no rule of ours that takes its time', () => {
  const rules = quickRules(readFileSync(join(__dirname, '../prometheus/storefront.rules.yaml'), 'utf8'));
  expect(rules.match(/for: (?!2s)\S+|\[(?!15s)\w+\]/g)).toBeNull();
});
