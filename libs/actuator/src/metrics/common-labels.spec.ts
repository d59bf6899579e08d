import { authorized, credential, startThings, type ThingsApp } from '../../test/things-app';
import { commonLabels } from './common-labels';

let things: ThingsApp | undefined;

afterEach(() => things?.app.close());

async function seriesWithout(app: ThingsApp, label: string, accept: string): Promise<[number, string[]]> {
  const { text } = await app.get('/actuator/prometheus', { accept });
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [series.length, series.filter((line) => !line.includes(label))];
}

it.each(['text/plain', 'application/openmetrics-text'])(
  'the label application is on every series in %s',
  async (type) => {
    things = await startThings(credential, { variables: { MANAGEMENT_METRICS_TAGS_APPLICATION: 'shop' } });
    const [count, without] = await seriesWithout(things, 'application="shop"', type);
    expect(without).toEqual([]);
    expect(count).toBeGreaterThan(50);
    const { json } = await things.get('/actuator/metrics/jvm.memory.used', authorized);
    expect(json['availableTags']).toContainEqual({ tag: 'application', values: ['shop'] });
  },
);

it('is on none where it is not set', async () => {
  things = await startThings({}, { variables: {} });
  const [count, without] = await seriesWithout(things, 'application=', 'text/plain');
  expect(without).toHaveLength(count);
});

describe('the labels of every series', () => {
  it.each([
    [{ MANAGEMENT_METRICS_TAGS_APPLICATION: 'shop' }, { application: 'shop' }],
    [{ 'management.metrics.tags.dataCenter': 'a' }, { dataCenter: 'a' }],
    [{ MANAGEMENT_OBSERVATIONS_KEYVALUES_REGION: 'eu' }, { region: 'eu' }],
    [{ 'management.observations.key-values.k8s-node': 'n' }, { k8s_node: 'n' }],
    [{ MANAGEMENT_METRICS_TAGS_EMPTY: '', OTHER: 'x' }, {}],
  ])('of %j are %j', (variables, labels) => {
    expect(commonLabels(variables)).toEqual(labels);
  });
});
