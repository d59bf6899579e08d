import { Lifecycle } from './lifecycle';
import { authorized, basic, credential, startThings, type ThingsApp } from '../test/things-app';
import { actuatorV2, actuatorV3 } from './answers/media-types';

let things: ThingsApp;

afterEach(() => things.app.close());

function linksOf(index: Record<string, unknown>): string[] {
  return Object.keys((index as { _links: object })._links);
}

describe('without a credential', () => {
  beforeEach(async () => void (things = await startThings()));

  it('lists the open endpoints', async () => {
    const { type, json } = await things.get('/actuator');
    expect(type).toBe(actuatorV3);
    expect(json).toEqual({
      _links: {
        self: { href: 'http://h/actuator', templated: false },
        health: { href: 'http://h/actuator/health', templated: false },
        'health-path': { href: 'http://h/actuator/health/{*path}', templated: true },
        info: { href: 'http://h/actuator/info', templated: false },
        prometheus: { href: 'http://h/actuator/prometheus', templated: false },
      },
    });
  });

  it('says the health with 200 or 503, the parts without their details, and the groups', async () => {
    const { status, json } = await things.get('/actuator/health');
    expect([status, json]).toEqual([
      200,
      {
        status: 'UP',
        components: {
          diskSpace: { status: 'UP' },
          kafka: { status: 'UP' },
          livenessState: { status: 'UP' },
          mongo: { status: 'UP' },
          ping: { status: 'UP' },
          readinessState: { status: 'UP' },
        },
        groups: ['liveness', 'readiness'],
      },
    ]);
    things.health.kafkaStatus = 'DOWN';
    expect(await things.get('/actuator/health')).toMatchObject({ status: 503, json: { status: 'DOWN' } });
    expect(await things.get('/actuator/health/kafka')).toMatchObject({ status: 503, text: '{"status":"DOWN"}' });
    expect(await things.get('/actuator/health/liveness')).toMatchObject({ status: 200 });
    expect(await things.get('/actuator/health/readiness')).toMatchObject({ status: 200 });
  });

  it('knows no part it does not have, and says so without a body', async () => {
    expect(await things.get('/actuator/health/zzz')).toMatchObject({ status: 404, text: '' });
  });

  it('answers under the type the client likes, or with 406', async () => {
    const accept = { accept: 'application/json' };
    expect(await things.get('/actuator/health', accept)).toMatchObject({ type: 'application/json' });
    const second = await things.get('/actuator/health', { accept: actuatorV2 });
    expect(second).toMatchObject({ type: actuatorV2, json: { details: { kafka: { status: 'UP' } } } });
    expect(await things.get('/actuator/health', { accept: 'text/html' })).toMatchObject({ status: 406, text: '' });
  });

  it('tells what was built, and nothing of what it runs on', async () => {
    const { json } = await things.get('/actuator/info');
    expect(json).toEqual({ build: { artifact: 'things', name: 'things', version: '1.2.3' } });
  });

  it('has no other paths for probes unless told so', async () => {
    expect(await things.get('/livez')).toMatchObject({ status: 404 });
    await things.app.close();
    things = await startThings({ MANAGEMENT_ENDPOINT_HEALTH_PROBES_ADD_ADDITIONAL_PATHS: 'true' });
    const [live, ready] = [await things.get('/livez'), await things.get('/readyz')];
    expect(live).toMatchObject({
      status: 200,
      json: { status: 'UP', components: { livenessState: { status: 'UP' } } },
    });
    expect(ready.json).toEqual((await things.get('/actuator/health/readiness')).json);
    things.app.get(Lifecycle).drain();
    expect(await things.get('/livez')).toMatchObject({ status: 200 });
    expect(await things.get('/readyz')).toMatchObject({ status: 503, json: { status: 'OUT_OF_SERVICE' } });
  });

  it.each(['env', 'heapdump', 'parked', 'shutdown', 'zzz'])('there is no %s', async (endpoint) => {
    expect(await things.get(`/actuator/${endpoint}`, authorized)).toMatchObject({ status: 404 });
  });
});

describe('with a credential', () => {
  beforeEach(async () => void (things = await startThings(credential)));

  it('opens the other endpoints to who has it', async () => {
    expect(await things.get('/actuator/parked', authorized)).toMatchObject({ status: 200, json: { lanes: [] } });
    expect(linksOf((await things.get('/actuator')).json)).toContain('parked');
  });

  it('leads to what is below an endpoint that is nothing by itself', async () => {
    const { _links: links } = (await things.get('/actuator')).json as { _links: object };
    expect(links).toMatchObject({ 'bells-ring': { href: 'http://h/actuator/bells/ring', templated: false } });
    expect(links).not.toHaveProperty('bells');
  });

  it.each([{}, basic('ops:wrong'), basic('ops'), { authorization: 'Bearer x' }])(
    'keeps them closed to others: %j',
    async (headers) => {
      const { status, headers: answered } = await things.get('/actuator/parked', headers);
      expect([status, answered['www-authenticate']]).toEqual([401, 'Basic realm="management", charset="UTF-8"']);
    },
  );

  it('tells what it runs on to who has it', async () => {
    const { json } = await things.get('/actuator/info', authorized);
    expect(json).toMatchObject({
      build: { version: '1.2.3' },
      os: { name: expect.any(String) },
      process: { pid: process.pid, memory: { heap: { used: expect.any(Number) } } },
      node: { version: process.versions.node },
    });
    expect((await things.get('/actuator/info', basic('ops:wrong'))).json).not.toHaveProperty('os');
  });

  it.each(['basic', 'BASIC', 'Basic'])('reads the credential behind %s', async (scheme) => {
    const authorization = authorized.authorization.replace('Basic', scheme);
    expect(await things.get('/actuator/parked', { authorization })).toMatchObject({ status: 200 });
  });

  it('lets no page of another origin in, whatever it knows', async () => {
    const headers = { ...authorized, 'sec-fetch-site': 'cross-site' };
    expect(await things.get('/actuator/parked', headers)).toMatchObject({ status: 403 });
    expect(await things.post('/actuator/bells/ring', undefined, headers)).toMatchObject({ status: 403 });
    expect(await things.get('/actuator/health', headers)).toMatchObject({ status: 200 });
  });

  it('shows the details of health to who has it', async () => {
    const details = { mongo: { details: { database: 'things' } }, kafka: { details: { brokers: 1 } } };
    expect((await things.get('/actuator/health', authorized)).json).toMatchObject({ components: details });
    expect((await things.get('/actuator/health/diskSpace', authorized)).json).toMatchObject({
      details: { free: expect.any(Number), threshold: 10 * 1024 * 1024, exists: true },
    });
    expect((await things.get('/actuator/health', basic('ops:wrong'))).text).not.toContain('details');
  });

  it('has not what is switched off', async () => {
    await things.app.close();
    things = await startThings({ ...credential, MANAGEMENT_ENDPOINT_ENV_ENABLED: 'false' });
    expect(linksOf((await things.get('/actuator')).json)).not.toContain('env');
    expect(await things.get('/actuator/env', authorized)).toMatchObject({ status: 404 });
    expect(await things.get('/actuator/metrics', authorized)).toMatchObject({ status: 200 });
  });

  it('says nothing of a part that has nothing to say', async () => {
    things.health.kafkaDetails = {};
    expect((await things.get('/actuator/health/kafka', authorized)).text).toBe('{"status":"UP"}');
  });

  it('has neither heapdump nor shutdown', async () => {
    const links = linksOf((await things.get('/actuator')).json);
    expect(links).not.toContain('heapdump');
    expect(links).not.toContain('shutdown');
  });
});

describe('exposure', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: 'health' }, ['self', 'health', 'health-path']],
    [{ MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: 'Info, parked' }, ['self', 'info', 'parked']],
    [
      { MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: 'info,health', MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE: 'health' },
      ['self', 'info'],
    ],
    [{ MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE: '*' }, ['self']],
  ])('%j leaves %j', async (environment, links) => {
    things = await startThings({ ...credential, ...environment });
    expect(linksOf((await things.get('/actuator')).json)).toEqual(links);
    const isThere = (await things.get('/actuator/parked', authorized)).status === 200;
    expect(isThere).toBe(links.includes('parked'));
  });
});

describe('what health shows', () => {
  it.each<[Record<string, string>, object, string]>([
    [
      { MANAGEMENT_ENDPOINT_HEALTH_SHOW_COMPONENTS: 'never' },
      authorized,
      '{"status":"UP","groups":["liveness","readiness"]}',
    ],
    [
      { MANAGEMENT_ENDPOINT_HEALTH_SHOW_COMPONENTS: 'when-authorized' },
      {},
      '{"status":"UP","groups":["liveness","readiness"]}',
    ],
  ])('follows %j', async (environment, headers, text) => {
    things = await startThings({ ...credential, ...environment });
    expect(await things.get('/actuator/health', { ...headers })).toMatchObject({ text });
    expect(await things.get('/actuator/health/kafka', { ...headers })).toMatchObject({ status: 404 });
    expect(await things.get('/actuator/health/readiness')).toMatchObject({ text: '{"status":"UP"}' });
  });

  it('may be everything for everybody', async () => {
    things = await startThings({ MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always' });
    expect((await things.get('/actuator/health')).json).toMatchObject({ components: { kafka: { details: {} } } });
  });
});
