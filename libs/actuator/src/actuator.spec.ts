import { Controller, Get, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ActuatorModule,
  type HealthSource,
  Lifecycle,
  ManagementEndpoint,
  type ManagementEnvironment,
  measureRequests,
} from './index';

class Source implements HealthSource {
  kafkaStatus: 'UP' | 'DOWN' = 'UP';
  kafka() {
    return { status: this.kafkaStatus, details: { brokers: 1 } };
  }
}
class SourceModule {}

@ManagementEndpoint('parked')
class ParkedController {
  @Get()
  list() {
    return { lanes: [] };
  }
}

@Controller('things')
class ThingsController {
  @Get(':id')
  one(@Param('id') id: string) {
    return { id };
  }
}

const source = new Source();
const password = { MANAGEMENT_USERNAME: 'ops', MANAGEMENT_PASSWORD: 'se:cret' };
let app: NestFastifyApplication;

async function start(environment: ManagementEnvironment = {}): Promise<void> {
  const adapter = new FastifyAdapter();
  measureRequests(adapter.getInstance());
  const lifecycle = new Lifecycle();
  lifecycle.ready();
  const actuator = ActuatorModule.forRoot({
    name: 'things',
    version: '1.2.3',
    lifecycle,
    environment,
    health: Source,
    baseOf: () => 'http://h',
  });
  const health = {
    module: SourceModule,
    global: true,
    providers: [{ provide: Source, useValue: source }],
    exports: [Source],
  };
  const root = {
    module: class RootModule {},
    imports: [health, actuator],
    controllers: [ParkedController, ThingsController],
  };
  app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: false });
  await app.init();
}

async function get(path: string, headers: Record<string, string> = {}) {
  const { statusCode, body, headers: answered } = await app.inject({ method: 'GET', url: path, headers });
  return { status: statusCode, text: body, type: answered['content-type'], headers: answered };
}

function basic(credentials: string) {
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

afterEach(async () => {
  source.kafkaStatus = 'UP';
  await app.close();
});

describe('open endpoints', () => {
  beforeEach(() => start());

  it('are listed', async () => {
    const { type, text } = await get('/actuator');
    expect(type).toBe('application/vnd.spring-boot.actuator.v3+json');
    expect(JSON.parse(text)).toEqual({
      _links: {
        self: { href: 'http://h/actuator', templated: false },
        health: { href: 'http://h/actuator/health', templated: false },
        'health-liveness': { href: 'http://h/actuator/health/liveness', templated: false },
        'health-readiness': { href: 'http://h/actuator/health/readiness', templated: false },
        info: { href: 'http://h/actuator/info', templated: false },
        prometheus: { href: 'http://h/actuator/prometheus', templated: false },
      },
    });
  });

  it('say the health with 200 or 503, and no more than that', async () => {
    expect(await get('/actuator/health')).toMatchObject({ status: 200, text: '{"status":"UP"}' });
    source.kafkaStatus = 'DOWN';
    expect(await get('/actuator/health')).toMatchObject({ status: 503, text: '{"status":"DOWN"}' });
    expect(await get('/actuator/health/liveness')).toMatchObject({ status: 200, text: '{"status":"UP"}' });
    expect(await get('/actuator/health/readiness')).toMatchObject({ status: 200, text: '{"status":"UP"}' });
  });

  it('answer as plain JSON where asked', async () => {
    expect(await get('/actuator/health', { accept: 'application/json' })).toMatchObject({ type: 'application/json' });
  });

  it('tell name and version', async () => {
    expect(JSON.parse((await get('/actuator/info')).text)).toEqual({
      build: { artifact: 'things', name: 'things', version: '1.2.3' },
    });
  });

  it.each(['env', 'heapdump', 'health/mongo', 'parked', 'shutdown'])('do not include %s', async (endpoint) => {
    expect(await get(`/actuator/${endpoint}`, basic('ops:se:cret'))).toMatchObject({ status: 404 });
  });
});

describe('health with details', () => {
  it('shows the parts', async () => {
    await start({ MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always' });
    expect(JSON.parse((await get('/actuator/health')).text)).toEqual({
      status: 'UP',
      components: {
        kafka: { status: 'UP', details: { brokers: 1 } },
        livenessState: { status: 'UP' },
        readinessState: { status: 'UP' },
      },
    });
  });
});

describe('guarded endpoints', () => {
  beforeEach(() => start(password));

  it('open to the management user', async () => {
    expect(await get('/actuator/parked', basic('ops:se:cret'))).toMatchObject({ status: 200, text: '{"lanes":[]}' });
  });

  it.each([{}, basic('ops:wrong'), basic('ops'), { authorization: 'Bearer x' }])(
    'are closed to others: %j',
    async (headers) => {
      const answer = await get('/actuator/parked', headers);
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([
        401,
        'Basic realm="management", charset="UTF-8"',
      ]);
    },
  );

  it('are listed when they can be opened', async () => {
    expect(JSON.parse((await get('/actuator')).text)).toMatchObject({
      _links: { parked: { href: 'http://h/actuator/parked' } },
    });
  });
});

describe('metrics', () => {
  beforeEach(() => start());

  it('time requests by template, status and outcome, as Micrometer names them', async () => {
    await get('/things/1');
    await get('/things/2');
    await get('/nope');
    const { type, text } = await get('/actuator/prometheus');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const labels = 'exception="None",method="GET",outcome="SUCCESS",status="200",uri="/things/{id}"';
    expect(text).toContain(`http_server_requests_seconds_count{${labels}} 2`);
    expect(text).toMatch(
      new RegExp(`^http_server_requests_seconds_max\\{${labels.replace(/[{}]/g, '\\$&')}\\} 0\\.\\d+$`, 'm'),
    );
    expect(text).toMatch(
      /http_server_requests_seconds_count\{.*outcome="CLIENT_ERROR",status="404",uri="NOT_FOUND"\} 1/,
    );
  });

  it('include those of the process', async () => {
    expect((await get('/actuator/prometheus')).text).toMatch(/^process_cpu_seconds_total \d/m);
  });
});
