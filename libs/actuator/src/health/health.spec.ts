import { Lifecycle } from '../lifecycle';
import { Health } from './health';
import type { HealthCheck, HealthComponent } from './health-source';

const up = (): HealthComponent => ({ status: 'UP', details: { any: 1 } });
const down = (): HealthComponent => ({ status: 'DOWN', details: { reason: 'away' } });

function lifecycle(state: 'starting' | 'ready' | 'draining'): Lifecycle {
  const inState = new Lifecycle();
  if (state !== 'starting') inState.ready();
  if (state === 'draining') inState.drain();
  return inState;
}

function healthOf(checks: Record<string, HealthCheck> = {}, needsRestart = false, state = lifecycle('ready')): Health {
  const healthComponents = { mongo: up, kafka: up, consumer: up, outbox: up, ...checks };
  return new Health({ healthComponents, neededForTraffic: ['mongo'], needsRestart: () => needsRestart }, state, 20);
}

async function statuses(health: Health): Promise<string[]> {
  const all = await Promise.all([health.overall(), health.liveness(), health.readiness()]);
  return all.map(({ status }) => status);
}

describe('health, liveness and readiness', () => {
  it.each<[string, Record<string, HealthCheck>, 'starting' | 'ready' | 'draining', string[]]>([
    ['all well', {}, 'ready', ['UP', 'UP', 'UP']],
    ['starting', {}, 'starting', ['OUT_OF_SERVICE', 'UP', 'OUT_OF_SERVICE']],
    ['draining', {}, 'draining', ['OUT_OF_SERVICE', 'UP', 'OUT_OF_SERVICE']],
    ['Kafka down', { kafka: down }, 'ready', ['DOWN', 'UP', 'UP']],
    ['consumer stalled', { consumer: down }, 'ready', ['DOWN', 'UP', 'UP']],
    ['store down', { mongo: down }, 'ready', ['DOWN', 'UP', 'OUT_OF_SERVICE']],
    ['store down while starting', { mongo: down }, 'starting', ['DOWN', 'UP', 'OUT_OF_SERVICE']],
    ['a part nobody knows of', { outbox: () => ({ status: 'UNKNOWN' }) }, 'ready', ['UP', 'UP', 'UP']],
  ])('%s', async (_, trouble, state, expected) => {
    expect(await statuses(healthOf(trouble, false, lifecycle(state)))).toEqual(expected);
  });

  it('beyond repair', async () => {
    expect(await statuses(healthOf({ consumer: down }, true))).toEqual(['DOWN', 'DOWN', 'UP']);
  });

  it('are those of the lifecycle alone where nothing else is known', async () => {
    const health = new Health({ healthComponents: {} }, lifecycle('ready'));
    expect(await statuses(health)).toEqual(['UP', 'UP', 'UP']);
  });
});

describe('a check', () => {
  it('that throws counts as DOWN and says why', async () => {
    const health = healthOf({ mongo: () => Promise.reject(new Error('no route')) });
    expect((await health.overall()).components).toMatchObject({
      mongo: { status: 'DOWN', details: { error: 'no route' } },
    });
  });

  it('that does not answer counts as DOWN', async () => {
    const health = healthOf({ mongo: () => new Promise(() => {}) });
    expect((await health.readiness()).status).toBe('OUT_OF_SERVICE');
    expect(await health.at(['mongo'])).toMatchObject({ details: { error: 'no answer within 20 ms' } });
  });

  it.each<[object, HealthComponent]>([
    [{ mongo: { status: 'up', database: 'x' } }, { status: 'UP', details: { database: 'x' } }],
    [{ mongo: { status: 'down' } }, { status: 'DOWN' }],
    [{ mongo: { status: 'degraded' } }, { status: 'UP', details: { degraded: true } }],
    [
      { second: { status: 'up' }, first: { status: 'down' } },
      { status: 'DOWN', components: { first: { status: 'DOWN' }, second: { status: 'UP' } } },
    ],
  ])('may answer as terminus does: %j', async (answer, component) => {
    const health = healthOf({ mongo: () => answer as Record<string, { status: 'up' }> });
    expect(await health.at(['mongo'])).toEqual(component);
  });
});

describe('a path', () => {
  const consumer = (): HealthComponent => ({
    status: 'DOWN',
    components: { orders: { status: 'DOWN', details: { lag: 3 } } },
  });

  it.each([
    ['kafka', 'UP'],
    ['consumer/orders', 'DOWN'],
    ['readiness', 'UP'],
    ['readiness/mongo', 'UP'],
    ['livenessState', 'UP'],
  ])('%s names a part or a group', async (path, status) => {
    expect(await healthOf({ consumer }).at(path.split('/'))).toMatchObject({ status });
  });

  it.each(['zzz', 'kafka/zzz', 'readiness/kafka', 'toString', 'consumer/constructor', ''])(
    '%s names none',
    async (path) => {
      expect(await healthOf({ consumer }).at(path.split('/'))).toBeUndefined();
    },
  );
});
