import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifests } from './manifests';
import { brokerFaults, builtFaults, gatewayValuesFaults } from './side-files';
import { broken } from './testing/a-place';
import { userInterfaceFaults } from './user-interfaces';

const file = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');

describe('files beside Compose and the manifests', () => {
  const properties = file('compose/kafka/server.properties');
  const values = file('k8s/overlays/minikube-classic/ingress-gateway.values.yaml');

  it('have no faults', () => {
    expect([brokerFaults(properties), gatewayValuesFaults(values), builtFaults(file('k8s/scripts/deploy.sh'))]).toEqual(
      [[], [], []],
    );
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
    ['images of another version', () => builtFaults('minikube image load storefront/$app:0.0.9'), 'it brings 0.0.9'],
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
