import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifests } from './manifests';
import { brokerFaults, chartFaults, gatewayValuesFaults, versionFaults } from './side-files';
import { broken } from './testing/a-place';
import { userInterfaceFaults } from './user-interfaces';

const file = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');

describe('files beside Compose and the manifests', () => {
  const properties = file('compose/kafka/server.properties');
  const values = file('k8s/overlays/minikube-classic/ingress-gateway.values.yaml');

  it('bring charts by their versions, with values from files', () => {
    const script = file('k8s/scripts/deploy.sh');
    expect(chartFaults(script)).toEqual([]);
    expect(chartFaults(broken(script, '--version "$PROMETHEUS_STACK" ', ''))).toEqual([
      'chart monitoring has no version',
    ]);
    expect(chartFaults(broken(script, '--values', '--set'))).toEqual([expect.stringContaining('that are in no file')]);
  });

  it('have no faults', () => {
    const versions = versionFaults(file('k8s/base/version.env'));
    expect([brokerFaults(properties), gatewayValuesFaults(values), versions]).toEqual([[], [], []]);
  });

  it.each([
    [
      'a broker without an authorizer',
      () => brokerFaults(broken(properties, /authorizer.class.name=.*/, '')),
      'authorizer.class.name is not set',
    ],
    [
      'a listener for all',
      () => brokerFaults(broken(properties, 'HOST:SASL_PLAINTEXT', 'HOST:PLAINTEXT')),
      'HOST:PLAINTEXT',
    ],
    [
      'an edge by another account',
      () => gatewayValuesFaults(broken(values, 'istio-ingressgateway-service', 'edge-service')),
      'it runs as edge-service-account',
    ],
    ['images of another version', () => versionFaults('VERSION=0.0.9\n'), 'VERSION is 0.0.9, package.json has '],
    ['images of no version', () => versionFaults('# VERSION=0.1.0\n'), 'VERSION is not set'],
  ])('that are wrong are told: %s', (_, faults, fault) => {
    expect(faults()).toContainEqual(expect.stringContaining(fault));
  });
});

describe('pages for people', () => {
  const pages = [file('k8s/overlays/minikube/kafka/ui.yaml'), file('k8s/overlays/minikube/mongo/ui.yaml')].join(
    '\n---\n',
  );
  const faultsIn = (yaml: string) => userInterfaceFaults(Manifests.parse(yaml));

  it('have no faults', () => {
    expect(faultsIn(pages)).toEqual([]);
  });

  it.each([
    ['that change things', "READONLY, value: 'true'", "READONLY, value: 'false'", 'KAFKA_CLUSTERS_0_READONLY is false'],
    ['without a password', "BASICAUTH, value: 'true'", "BASICAUTH, value: 'false'", 'ME_CONFIG_BASICAUTH is false'],
    [
      'that log in otherwise',
      'SASL_MECHANISM, value: SCRAM-SHA-512',
      'SASL_MECHANISM, value: PLAIN',
      'SASL_MECHANISM is PLAIN',
    ],
  ])('%s are told', (_, whole, changed, fault) => {
    expect(faultsIn(broken(pages, whole, changed))).toContainEqual(expect.stringContaining(fault));
  });
});
