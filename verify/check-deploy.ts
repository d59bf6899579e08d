import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { messageOf, onlyHelp, say } from '../scripts/command-line';
import { composeFaults } from './compose';
import { type Compose, withDefaults } from './compose-file';
import { exporterFaults, identityFaults, secretFaults, terraformFaults } from './infra';
import { kafkaFaults, scriptSetup } from './kafka-rights';
import { labelFaults } from './labels';
import { Manifests } from './manifests';
import { stackFaults } from './monitoring-stack';
import { mapFaults } from './minikube-map';
import { overlayFaults } from './overlays';
import { placeFaults } from './place';
import { schemaLocation, schemasIn } from './schemas';
import { placeholderFaults, settingsFaults } from './settings';
import { brokerFaults, chartFaults, gatewayValuesFaults, versionFaults } from './side-files';
import { cacheFolder, has, kubeconformTool, output, renderer } from './tools';
import { traceFaults } from './traces';

onlyHelp(`
usage: npm run check:deploy

Checks what deploys the storefront: renders every overlay, holds each object against the schemas of Kubernetes, Istio, the
Gateway API, Strimzi, KEDA, the Prometheus operator and External Secrets, and everything that one file names against the file
that has it: Compose, manifests, the services' settings, the contracts' topics. Needs Go, Maven and a
JDK 21 or newer (JAVA_HOME, PATH or /usr/lib/jvm); tools and schemas are kept in ~/.cache/storefront.
`);

const root = join(__dirname, '..');
const file = (path: string) => readFileSync(join(root, path), 'utf8');

function main(): number {
  if (!has('go', 'version')) {
    say('check:deploy is skipped: there is no Go here.');
    return 0;
  }
  const faults = [...compose(), ...sideFiles(), ...placeholders(), ...infra(), ...overlays()];
  for (const fault of faults) say(fault);
  return faults.length === 0 ? 0 : 1;
}

function compose(): string[] {
  const parsed = load(withDefaults(file('compose.yaml')), { schema: YAML11_SCHEMA }) as Compose;
  const faults = composeFaults(parsed, file('compose/prometheus/prometheus.yaml'));
  const rights = kafkaFaults(scriptSetup(file('compose/kafka/setup.sh')));
  if (has('docker', 'compose', 'version')) {
    output('docker', ['compose', '--profile', 'monitoring', '--profile', 'ui', 'config', '--quiet'], { cwd: root });
  }
  say(`compose.yaml: ${Object.keys(parsed.services).length} services`);
  return [...faults, ...rights.map((fault) => `compose/kafka/setup.sh: ${fault}`)];
}

function sideFiles(): string[] {
  const checks = {
    'compose/kafka/server.properties': brokerFaults,
    'k8s/overlays/minikube-classic/ingress-gateway.values.yaml': gatewayValuesFaults,
    'k8s/scripts/deploy.sh': chartFaults,
    'k8s/base/version.env': versionFaults,
  };
  return Object.entries(checks).flatMap(([path, check]) => check(file(path)).map((fault) => `${path}: ${fault}`));
}

function placeholders(): string[] {
  const paths = ['k8s', 'istio', 'infra', 'compose', 'monitoring', 'compose.yaml', 'docker-bake.hcl'];
  const tracked = output('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...paths], { cwd: root });
  return tracked
    .split('\n')
    .flatMap((path) => (path !== '' && existsSync(join(root, path)) ? placeholderFaults(path, file(path)) : []));
}

function infra(): string[] {
  const files = ['infra/eks-msk/identities.tf', 'infra/msk-acls/main.tf'];
  return files.flatMap((path) => terraformFaults(file(path)).map((fault) => `${path}: ${fault}`));
}

function overlays(): string[] {
  const cache = cacheFolder();
  const location = schemaLocation(schemasIn(cache));
  const kubeconform = kubeconformTool(cache);
  const render = renderer(cache);
  const terraform = readdirSync(join(root, 'infra/eks-msk'))
    .filter((name) => name.endsWith('.tf'))
    .map((name) => file(`infra/eks-msk/${name}`))
    .join('\n');
  const istiod = file('k8s/overlays/minikube/istiod.values.yaml');
  const stack = file('k8s/overlays/minikube/monitoring.values.yaml');
  const page = file('docs/kubernetes.md');
  const shapes = Manifests.parse(file('k8s/components/confluent-atlas/secrets.example.yaml'));
  return readdirSync(join(root, 'k8s/overlays')).flatMap((overlay) => {
    const yaml = render(join(root, 'k8s/overlays', overlay));
    const manifests = Manifests.parse(yaml);
    const faults = [
      ...schemaFaults(kubeconform, location, yaml),
      ...settingsFaults(file(`k8s/overlays/${overlay}/settings.env`), yaml, page),
      ...overlayFaults(overlay, manifests),
      ...labelFaults(overlay, manifests),
      ...placeFaults(manifests, shapes),
      ...secretFaults(manifests, terraform),
      ...identityFaults(manifests, terraform),
      ...exporterFaults(manifests, terraform),
      ...stackFaults(stack, 'monitoring', manifests),
      ...traceFaults(istiod, manifests),
      ...(overlay.startsWith('minikube')
        ? mapFaults(file('docs/minikube.md'), file('k8s/scripts/deploy.sh'), manifests)
        : []),
    ];
    say(`${overlay}: ${manifests.all.length} objects`);
    return faults.map((fault) => `${overlay}: ${fault}`);
  });
}

function schemaFaults(kubeconform: string, location: string, yaml: string): string[] {
  try {
    output(kubeconform, ['-strict', '-schema-location', location], { input: yaml });
    return [];
  } catch (error) {
    // what was called goes before the first line; whatever kubeconform says counts
    const lines = messageOf(error).replace(/^.*? failed: /, '');
    return lines.split('\n').filter((line) => line.trim() !== '');
  }
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
