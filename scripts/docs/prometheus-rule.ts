/** The rules of monitoring/ as the Prometheus operator takes them. */
export function prometheusRule(rules: string): string {
  const groups = rules
    .slice(rules.indexOf('groups:'))
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
  return `# Written by npm run docs from monitoring/prometheus/storefront.rules.yaml.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: storefront
spec:
${groups}`;
}
