import { authorized, credential, startThings, type ThingsApp } from '../test/things-app';
import { actuatorV2 } from './answers/media-types';

let things: ThingsApp;
const get = (path: string, headers = {}) => things.get(`/actuator/${path}`, { ...authorized, ...headers });
const post = (path: string, body?: object, headers = {}) =>
  things.post(`/actuator/${path}`, body, { ...authorized, ...headers });

beforeEach(async () => void (things = await startThings(credential)));
afterEach(() => things.app.close());

it('the index lists all of it in the order of Spring Boot', async () => {
  const { json } = await things.get('/actuator');
  expect(Object.keys((json as { _links: object })._links)).toEqual(
    'self health health-path info env env-toMatch loggers loggers-name threaddump prometheus metrics-requiredMetricName metrics scheduledtasks mappings httpexchanges auditevents bells-ring parked'.split(
      ' ',
    ),
  );
});

describe('loggers', () => {
  it('tell their levels', async () => {
    expect((await get('loggers')).json).toEqual({
      levels: ['OFF', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'],
      loggers: {
        ROOT: { configuredLevel: 'INFO', effectiveLevel: 'INFO' },
        Requests: { configuredLevel: null, effectiveLevel: 'INFO' },
      },
      groups: { web: { configuredLevel: null, members: ['Requests'] } },
    });
    expect(await get('loggers/zzz.zzz')).toMatchObject({ status: 404, text: '' });
  });

  it.each<[object, number, string | null]>([
    [{ configuredLevel: 'debug' }, 204, 'DEBUG'],
    [{ configuredLevel: null }, 204, null],
    [{}, 204, null],
    [{ configuredLevel: 'loud' }, 400, null],
    [{ configuredLevel: 7 }, 400, null],
    [['DEBUG'], 400, null],
  ])('take %j: %i', async (body, status, configuredLevel) => {
    expect((await post('loggers/com.storefront', body)).status).toBe(status);
    const { json } = await get('loggers/com.storefront');
    expect(json['configuredLevel'] ?? null).toBe(configuredLevel);
  });

  it('take the level of a group, in the types of Spring Boot Admin', async () => {
    const { status } = await post('loggers/web', { configuredLevel: 'TRACE' }, { 'content-type': actuatorV2 });
    expect([status, (await get('loggers/Requests')).json]).toEqual([
      204,
      { configuredLevel: 'TRACE', effectiveLevel: 'TRACE' },
    ]);
  });

  it('are closed to others', async () => {
    expect(await things.post('/actuator/loggers/ROOT', { configuredLevel: 'OFF' })).toMatchObject({ status: 401 });
  });
});

describe('env', () => {
  it('tells names and origins, and no value', async () => {
    process.env['THINGS_COLOUR'] = 'blue';
    const { json } = await get('env/THINGS_COLOUR');
    expect(json).toMatchObject({
      property: { source: 'systemEnvironment', value: '******' },
      activeProfiles: [],
      propertySources: expect.arrayContaining([
        {
          name: 'systemEnvironment',
          property: { value: '******', origin: 'System Environment Property "THINGS_COLOUR"' },
        },
      ]),
    });
    expect(Object.keys((await get('env?pattern=THINGS_')).json)).toEqual([
      'activeProfiles',
      'defaultProfiles',
      'propertySources',
    ]);
  });

  it('tells values where told to', async () => {
    await things.app.close();
    things = await startThings({ ...credential, MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES: 'when-authorized' });
    process.env['THINGS_COLOUR'] = 'blue';
    expect((await get('env/things.colour')).json).toMatchObject({ property: { value: 'blue' } });
    expect((await get('env')).text).not.toContain('se:cret');
  });

  it('knows what it knows', async () => {
    expect(await get('env/zzz')).toMatchObject({ status: 404, text: '' });
    expect(await get('env?pattern=(')).toMatchObject({ status: 400 });
    // what would take years
    const endless = encodeURIComponent('^(([A-Za-z_0-9]+)+)+ $');
    expect(await get(`env?pattern=${endless}`)).toMatchObject({ status: 400 });
  });
});

it('mappings say which method answers what', async () => {
  const { json } = await get('mappings');
  expect(JSON.stringify(json)).toContain(
    JSON.stringify({
      handler: 'ThingsController#one',
      predicate: '{GET [/things/{id}]}',
      details: {
        handlerMethod: { className: 'ThingsController', name: 'one', descriptor: '' },
        requestMappingConditions: {
          consumes: [],
          headers: [],
          methods: ['GET'],
          params: [],
          patterns: ['/things/{id}'],
          produces: [],
        },
      },
    }),
  );
});

describe('httpexchanges', () => {
  it('keep the last 100, the newest first, without what authorizes', async () => {
    await things.get('/things/1', { cookie: 'session=1', 'x-colour': 'blue' });
    for (let i = 0; i < 100; i++) await get('info');
    await things.get('/things/2', { 'x-colour': 'blue' });
    const { exchanges } = (await get('httpexchanges')).json as { exchanges: object[] };
    expect(exchanges).toHaveLength(100);
    expect(exchanges[0]).toEqual({
      timestamp: expect.stringMatching(/Z$/),
      request: {
        method: 'GET',
        uri: expect.stringMatching(/^http:\/\/.*\/things\/2$/),
        headers: expect.objectContaining({ 'x-colour': ['blue'] }),
      },
      response: { status: 200, headers: expect.objectContaining({ 'content-type': [expect.any(String)] }) },
      timeTaken: expect.stringMatching(/^PT\d+\.\d+S$/),
    });
    const text = JSON.stringify(exchanges);
    expect(text).toContain('"principal":{"name":"ops"}');
    expect(text).not.toMatch(/authorization|cookie/i);
  });
});

it('scheduledtasks tell what happens again and again', async () => {
  expect((await get('scheduledtasks')).json).toEqual({
    cron: [],
    fixedDelay: [{ runnable: { target: 'Chime' }, initialDelay: 0, interval: 3_600_000 }],
    fixedRate: [],
    custom: [{ runnable: { target: 'Wind' }, trigger: 'when it stands still' }],
  });
});

describe('threaddump', () => {
  it('has the main thread with its stack', async () => {
    const { threads } = (await get('threaddump')).json as { threads: object[] };
    expect(threads[0]).toMatchObject({
      threadName: 'main',
      threadState: 'RUNNABLE',
      daemon: false,
      stackTrace: expect.arrayContaining([
        expect.objectContaining({ className: 'ThreadDumpController', methodName: 'dump' }),
      ]),
    });
  });

  it('is text where asked', async () => {
    const { type, text } = await get('threaddump', { accept: 'text/plain' });
    expect([type, text]).toEqual(['text/plain;charset=UTF-8', expect.stringMatching(/^"main" - Thread t@\d+$/m)]);
  });
});

it('shutdown says so, then ends the application', async () => {
  await things.app.close();
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  const enabled = { ...credential, MANAGEMENT_ENDPOINT_SHUTDOWN_ENABLED: 'TRUE' };
  things = await startThings(enabled, { shutDown: () => ended() });
  expect(await get('shutdown')).toMatchObject({ status: 404 });
  expect((await post('shutdown')).json).toEqual({ message: 'Shutting down, bye...' });
  await end;
});

describe('auditevents', () => {
  it('tell who looked and who changed what', async () => {
    await post('parked/lane-1/redrive', { reason: 'mended' });
    await things.get('/actuator/parked');
    const { events } = (await get('auditevents?type=OPERATOR_ACTION')).json;
    expect(events).toEqual([
      {
        timestamp: expect.any(String),
        principal: 'ops',
        type: 'OPERATOR_ACTION',
        data: expect.objectContaining({
          endpoint: 'parked',
          action: 'redrive',
          parameters: { lane: 'lane-1' },
          body: { reason: 'mended' },
          result: 'success',
        }),
      },
    ]);
    expect((await get('auditevents?principal=-')).json).toMatchObject({ events: [{ type: 'AUTHENTICATION_FAILURE' }] });
    expect((await get('auditevents?after=2999-01-01T00:00:00Z')).json).toEqual({ events: [] });
    expect(await get('auditevents?after=tomorrow')).toMatchObject({ status: 400 });
  });
});
