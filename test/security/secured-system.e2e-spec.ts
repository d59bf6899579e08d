import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { admin } from '../../embedded/testing/secured-kafka';
import { ScramUsers } from '../../scripts/kafka/scram-users';
import type { ServiceName, System } from '../../scripts/system';
import { eventually } from '../eventually';
import { httpClient } from '../http-client';
import { command } from '../system/command';
import { SecuredStorefront } from './secured-storefront';

const services = ['accounts', 'orders', 'fulfillment'] as const;

let secured: SecuredStorefront;
let system: System;

beforeAll(async () => {
  secured = await SecuredStorefront.start();
  for (const [script, ...args] of [['kafka-topics'], ['kafka-acls', '--passwords', secured.passwords]] as const) {
    const { code, stderr } = await secured.asAdministrator(script, ...args, '--apply');
    if (code !== 0) throw new Error(`${script}: ${stderr}`);
  }
  system = await secured.startServices();
});
afterAll(() => secured.stop());

interface Health {
  status: string;
  components: Record<string, { status: string; details?: { reason?: string } }>;
}

async function healthOf(service: ServiceName): Promise<Health> {
  return (await httpClient(system.urls[service])('GET', '/actuator/health')).json as Health;
}

it('makes the sample journey, each service with a user of its own and the least rights', async () => {
  const { code, stdout } = await command('sample-data', ['--url', system.urls.gateway], {});
  expect([code, stdout]).toEqual([0, expect.stringContaining('RECEIVED has reached Orders')]);
  for (const service of services) {
    await eventually(
      () => healthOf(service),
      ({ status }) => status === 'UP',
    );
  }
});

it('shows no secret: not in logs, nor in any management endpoint', async () => {
  const secrets = [...services.map((user) => secured.passwordOf(user)), system.managementPassword];
  const basic = Buffer.from(`${system.managementUsername}:${system.managementPassword}`).toString('base64');
  const shown = [secured.logs()];
  for (const service of services) expect(shown[0]).toContain(`"name":"${service}"`);
  for (const service of services) {
    const request = httpClient(system.urls[service]);
    for (const endpoint of ['env', 'health', 'info', 'loggers', 'httpexchanges', 'auditevents', 'mappings']) {
      const { status, text } = await request('GET', `/actuator/${endpoint}`, undefined, {
        authorization: `Basic ${basic}`,
      });
      expect([endpoint, status]).toEqual([endpoint, 200]);
      shown.push(text);
    }
  }
  const all = shown.join('\n');
  expect(all).toContain('KAFKA_SASL_PASSWORD_FILE');
  expect(all).toContain('SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG');
  for (const secret of secrets) expect(all.includes(secret)).toBe(false);
});

it('says that it cannot log in, takes requests meanwhile, and goes on by itself when it can', async () => {
  const wrong = 'not-the-passw0rd';
  const file = join(secured.passwords, 'wrong');
  writeFileSync(file, wrong);
  const login = {
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'orders',
    KAFKA_SASL_PASSWORD_FILE: file,
  };
  await system.restartService('orders', { env: login, nodeArgs: [] });
  const { pid } = system.process('orders');
  const { components } = await eventually(
    () => healthOf('orders'),
    (health) => health.components.kafka?.details?.reason?.includes('cannot log in') === true,
  );
  expect(components.kafka?.status).toBe('DOWN');
  expect(components.kafka?.details?.reason).toMatch(/^User:orders cannot log in at \S+ with SCRAM-SHA-512: .*invalid/);
  const request = httpClient(system.urls.orders);
  expect((await request('GET', '/actuator/health/liveness')).status).toBe(200);
  expect((await request('GET', '/actuator/health/readiness')).status).toBe(200);
  const cluster = { brokers: [secured.kafka.sasl], ssl: false, sessionTimeoutMs: 3_000 };
  const sasl = { mechanism: 'SCRAM-SHA-512', username: admin.name, password: admin.password } as const;
  await new ScramUsers({ ...cluster, sasl }, 'SCRAM-SHA-512').set(new Map([['orders', wrong]]));
  await eventually(
    () => healthOf('orders'),
    ({ status }) => status === 'UP',
  );
  expect(system.process('orders').pid).toBe(pid);
  expect(secured.logs()).not.toContain(wrong);
});

it('is given a new password', async () => {
  const old = secured.passwordOf('orders');
  const rotate = ['--passwords', secured.passwords, '--rotate', 'orders', '--apply'];
  const { code, stdout } = await secured.asAdministrator('kafka-acls', ...rotate);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^~ user {2}orders .*, a new password in /m)]);
  expect(secured.passwordOf('orders')).not.toBe(old);
  await system.restartService('orders');
  await eventually(
    () => healthOf('orders'),
    ({ status }) => status === 'UP',
  );
});
