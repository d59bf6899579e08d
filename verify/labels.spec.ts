import { labelFaults } from './labels';
import { Manifests } from './manifests';

const gateway = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: storefront
  namespace: dev
  labels:
    app.kubernetes.io/name: storefront
    app.kubernetes.io/instance: dev
    app.kubernetes.io/component: edge
    app.kubernetes.io/part-of: storefront
    app.kubernetes.io/managed-by: kustomize
`;

describe('labelFaults', () => {
  it('accepts an object with all of them', () => {
    expect(labelFaults('dev', Manifests.parse(gateway))).toEqual([]);
  });

  it.each([
    ['one that is missing', /.*component: edge\n/, '', 'its label app.kubernetes.io/component is missing'],
    ["another overlay's", 'instance: dev', 'instance: test', 'its instance is test, not dev'],
    ['no instance', /.*instance: dev\n/, '', 'its instance is not there, not dev'],
    ['no labels at all', / {2}labels:[^]*/, '', 'its label app.kubernetes.io/managed-by is missing'],
  ])('tells %s', (_, whole, changed, fault) => {
    const faults = labelFaults('dev', Manifests.parse(gateway.replace(whole, changed)));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});
