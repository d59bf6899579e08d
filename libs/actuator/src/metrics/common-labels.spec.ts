import { authorized, credential, startThings, type ThingsApp } from '../../test/things-app';

let things: ThingsApp;

afterEach(() => things.app.close());

async function seriesWithout(label: string, accept: string): Promise<[number, string[]]> {
  const { text } = await things.get('/actuator/prometheus', { accept });
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [series.length, series.filter((line) => !line.includes(label))];
}

it.each(['text/plain', 'application/openmetrics-text'])(
  'the label application is on every series in %s',
  async (type) => {
    things = await startThings({ ...credential, MANAGEMENT_METRICS_TAGS_APPLICATION: 'shop' });
    const [count, without] = await seriesWithout('application="shop"', type);
    expect(without).toEqual([]);
    expect(count).toBeGreaterThan(50);
    const { json } = await things.get('/actuator/metrics/jvm.memory.used', authorized);
    expect(json['availableTags']).toContainEqual({ tag: 'application', values: ['shop'] });
  },
);

it('is on none where it is not set', async () => {
  things = await startThings();
  const [count, without] = await seriesWithout('application=', 'text/plain');
  expect(without).toHaveLength(count);
});
