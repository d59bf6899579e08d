import { authorized, credential, startThings, type ThingsApp } from '../../test/things-app';

let things: ThingsApp;

beforeEach(async () => void (things = await startThings()));
afterEach(() => things.app.close());

async function scrape(query = '', accept = '*/*'): Promise<string> {
  return (await things.get(`/actuator/prometheus${query}`, { accept })).text;
}

describe('the time of requests', () => {
  it('is told by template, status and outcome, as Micrometer names them', async () => {
    await things.get('/things/1');
    await things.get('/things/2');
    const text = await scrape();
    const labels = 'exception="None",method="GET",outcome="SUCCESS",status="200",uri="/things/{id}"';
    expect(text).toContain(`http_server_requests_seconds_count{${labels}} 2`);
    expect(text).toMatch(
      new RegExp(`^http_server_requests_seconds_max\\{${labels.replace(/[{}]/g, '\\$&')}\\} 0\\.\\d+$`, 'm'),
    );
  });

  it('makes no series of paths that do not exist', async () => {
    for (let i = 0; i < 5; i++) await things.get(`/nope/${i}`);
    expect(await scrape()).toMatch(
      /http_server_requests_seconds_count\{.*outcome="CLIENT_ERROR",status="404",uri="NOT_FOUND"\} 5/,
    );
  });
});

describe('the text of the metrics', () => {
  it('is that of Prometheus', async () => {
    const { type, text } = await things.get('/actuator/prometheus');
    expect(type).toBe('text/plain; version=0.0.4;charset=utf-8');
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  });

  it('is OpenMetrics where asked, and leaves the other as it was', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';
    const { type, text } = await things.get('/actuator/prometheus', { accept });
    expect(type).toBe('application/openmetrics-text; version=1.0.0;charset=utf-8');
    expect(text).toMatch(/^# TYPE process_cpu_seconds counter$/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toMatch(/# EOF\n$/);
    expect(await scrape()).toMatch(/^# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total \d/m);
  });

  it('has the names asked for only', async () => {
    const text = await scrape('?includedNames=process_cpu_seconds_total,http_server_requests_seconds_count');
    const types = text.split('\n').flatMap((line) => (line.startsWith('# TYPE') ? [line.split(' ')[2]] : []));
    expect(types.toSorted()).toEqual([
      'http_server_requests_seconds',
      'http_server_requests_seconds_max',
      'process_cpu_seconds_total',
    ]);
  });

  it('comes in no other type', async () => {
    expect(await things.get('/actuator/prometheus', { accept: 'application/xml' })).toMatchObject({ status: 406 });
  });
});

describe('/actuator/metrics', () => {
  const ask = (path: string) => things.get(`/actuator/metrics${path}`, authorized);

  beforeEach(async () => {
    await things.app.close();
    things = await startThings(credential);
  });

  it('has the names that Spring Boot has', async () => {
    const { names } = (await ask('')).json as { names: string[] };
    expect(names).toEqual(
      expect.arrayContaining(['jvm.gc.pause', 'jvm.memory.used', 'process.cpu.usage', 'system.cpu.count']),
    );
  });

  it.each([
    ['/jvm.memory.used', 200],
    ['/jvm.memory.used?tag=area:heap', 200],
    ['/jvm.memory.used?tag=area:heap&tag=id:old_space', 200],
    ['/jvm.memory.used?tag=area:heap,id:old_space', 200],
    ['/jvm.memory.used?tag=area:heap,id:none', 404],
    ['/jvm.memory.used?tag=area:heap,x', 400],
    ['/jvm.memory.used?tag=area:heap&tag=id:old_space,x:y', 404],
    ['/jvm.memory.used?tag=area:none', 404],
    ['/jvm.memory.used?tag=area', 400],
    ['/zzz', 404],
  ])('%s: %i', async (path, status) => {
    expect(await ask(path)).toMatchObject({ status });
  });
});
