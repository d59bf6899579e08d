import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { readEnvironment } from './environment';
import { processEnvironment } from './service-environment';
import { createService } from './start-service';

@Module({})
class NothingModule {}

const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;
const headers = { authorization, 'content-type': 'application/json' };
const level = '{"configuredLevel":"ERROR"}';
let app: NestFastifyApplication;

async function start(bodies: 'json' | 'stream', settings: Record<string, string> = {}): Promise<void> {
  const environment = readEnvironment(z.object(processEnvironment(0)), {
    LOG_LEVEL: 'error',
    MANAGEMENT_USERNAME: 'ops',
    MANAGEMENT_PASSWORD: 'secret',
    ...settings,
  });
  app = await createService(NothingModule, { name: 'nothing', environment, http: { bodies } });
}

afterEach(() => app.close());

describe.each(['json', 'stream'] as const)('the management endpoints of a service with bodies as %s', (bodies) => {
  beforeEach(() => start(bodies));

  it.each([
    ['GET', 'health', undefined, 503],
    ['GET', 'health/liveness', undefined, 200],
    ['POST', 'health', level, 405],
    ['DELETE', 'loggers/ROOT', undefined, 405],
    ['POST', 'loggers/ROOT', level, 204],
    ['POST', 'loggers/ROOT', '{"configuredLevel":"loud"}', 400],
    ['POST', 'loggers/ROOT', '{', 400],
    ['GET', 'metrics/process.uptime?tag=x', undefined, 400],
    ['GET', 'nothing', undefined, 404],
  ] as const)('%s %s %s: %i', async (method, path, payload, status) => {
    const { statusCode } = await app.inject({ method, url: `/actuator/${path}`, headers, ...(payload && { payload }) });
    expect(statusCode).toBe(status);
  });

  it.each([
    ['GET', 'metrics/process.uptime?tag=x', undefined, 'must be in the form'],
    ['POST', 'loggers/ROOT', '{"configuredLevel":"loud"}', 'configuredLevel is expected to be'],
    ['POST', 'loggers/ROOT', '{', 'not valid JSON'],
  ] as const)('refuse %s %s %s as Spring Boot does', async (method, path, payload, message) => {
    const url = `/actuator/${path}`;
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
    expect(answer.json()).toEqual({
      timestamp: expect.any(String),
      status: 400,
      error: 'Bad Request',
      message: expect.stringContaining(message),
      path: url.split('?')[0],
    });
  });

  it('keep in the audit trail what was done and what was refused, with the body', async () => {
    const post = (payload: string) => app.inject({ method: 'POST', url: '/actuator/loggers/ROOT', headers, payload });
    expect((await post(level)).statusCode).toBe(204);
    expect((await post('{"configuredLevel":"loud"}')).statusCode).toBe(400);
    const { events } = (
      await app.inject({ url: '/actuator/auditevents?type=OPERATOR_ACTION', headers: { authorization } })
    ).json<{ events: { data: object }[] }>();
    expect(events.map(({ data }) => data)).toMatchObject([
      { endpoint: 'loggers', action: 'configure', body: { configuredLevel: 'ERROR' }, result: 'success' },
      { endpoint: 'loggers', action: 'configure', body: { configuredLevel: 'loud' }, result: 'failure' },
    ]);
  });

  it('bound what is kept of an action, and read no more than a body may have', async () => {
    const url = `/actuator/loggers/ROOT?${'x'.repeat(1_500)}`;
    const payload = JSON.stringify({ configuredLevel: 'ERROR', more: 'y'.repeat(50_000) });
    expect((await app.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(204);
    const large = JSON.stringify({ configuredLevel: 'ERROR', more: 'y'.repeat(300_000) });
    const chunked = { ...headers, 'transfer-encoding': 'chunked' };
    const sent = Readable.from([large.slice(0, 200_000), large.slice(200_000)]);
    expect((await app.inject({ method: 'POST', url, headers: chunked, payload: sent })).statusCode).toBe(413);
    const { body } = await app.inject({
      url: '/actuator/auditevents?type=OPERATOR_ACTION',
      headers: { authorization },
    });
    expect(body.length).toBeLessThan(5_000);
  });

  it('give levels to so many invented loggers and no more', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `n${index}`);
    const answers = await Promise.all(
      names.map((name) => app.inject({ method: 'POST', url: `/actuator/loggers/${name}`, headers, payload: level })),
    );
    const statuses = new Set(answers.map(({ statusCode }) => statusCode));
    expect(statuses).toEqual(new Set([204, 400]));
  });

  it('tell what a path takes instead', async () => {
    const { headers: answered } = await app.inject({ method: 'DELETE', url: '/actuator/loggers/ROOT', headers });
    expect(String(answered['allow']).split(/, ?/).toSorted()).toEqual(['GET', 'POST']);
  });
});

it.each(['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'] as const)(
  'the management endpoints do not exist at the port of a service that has another one for them: %s',
  async (method) => {
    await start('json', { MANAGEMENT_SERVER_PORT: '-1' });
    for (const url of ['/actuator/health', '//actuator/loggers/ROOT', '/actuator'])
      expect((await app.inject({ method, url, headers: { authorization } })).statusCode).toBe(404);
  },
);
