import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifests } from './manifests';
import { mapFaults } from './minikube-map';

const file = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');
const [page, script] = [file('docs/minikube.md'), file('k8s/scripts/deploy.sh')];
const services = [
  ['kafka', 'kafka-ui', 8080],
  ['mongo', 'mongo-express', 8081],
  ['storefront', 'traces', 16_686],
]
  .map(
    ([namespace, name, port]) =>
      `kind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { ports: [{ port: ${port} }] }`,
  )
  .join('\n---\n');
const faults = (changedPage = page, changedScript = script, there = services) =>
  mapFaults(changedPage, changedScript, Manifests.parse(there));

it('has no faults', () => {
  expect(faults()).toEqual([]);
});

it.each([
  ['a page that is not told of', faults(page.replaceAll('Kiali', 'Kiwi')), 'the map has no Kiali'],
  [
    'a Service by another name',
    faults(page.replace('service/kafka-ui', 'service/kafkaui')),
    'kafkaui: no Service kafka/kafkaui',
  ],
  ['another port', faults(page.replace('8082:8081', '8082:8080')), 'no Service mongo/mongo-express has a port 8080'],
  [
    'an address that is not where it leads',
    faults(page.replace('9090:9090', '9091:9090')),
    'its address is not at 9091',
  ],
  [
    'a Service that the manifests lost',
    faults(page, script, services.replace('traces', 'jaeger')),
    'traces: no Service',
  ],
  [
    'a chart that nobody installs',
    faults(page, script.replace('chart kiali ', 'chart other ')),
    'kiali: no chart of deploy.sh',
  ],
  [
    'a script that does not print it',
    faults(page, script.replace('print_map ;;', ':')),
    'deploy.sh does not print the map',
  ],
  ['a network without policies', faults(page.replace('--cni calico ', '')), 'how minikube is started'],
])('%s is told', (_, told, fault) => {
  expect(told).toContainEqual(expect.stringContaining(fault));
});
