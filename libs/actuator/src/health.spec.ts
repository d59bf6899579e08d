import { Health } from './health';
import type { HealthComponent, HealthSource } from './health-source';
import { Lifecycle } from './lifecycle';

const up = (): HealthComponent => ({ status: 'UP', details: { any: 1 } });
const down = (): HealthComponent => ({ status: 'DOWN', details: { reason: 'away' } });
const allWell: HealthSource = { store: up, kafka: up, consumer: up, outbox: up, consumerIsBroken: () => false };

function lifecycle(state: 'starting' | 'ready' | 'draining'): Lifecycle {
  const inState = new Lifecycle();
  if (state !== 'starting') inState.ready();
  if (state === 'draining') inState.drain();
  return inState;
}

async function statuses(health: Health): Promise<string[]> {
  return [(await health.overall()).status, health.liveness().status, (await health.readiness()).status];
}

describe('health, liveness and readiness', () => {
  it.each<[string, HealthSource, 'starting' | 'ready' | 'draining', string[]]>([
    ['all well', {}, 'ready', ['UP', 'UP', 'UP']],
    ['starting', {}, 'starting', ['OUT_OF_SERVICE', 'UP', 'OUT_OF_SERVICE']],
    ['draining', {}, 'draining', ['OUT_OF_SERVICE', 'UP', 'OUT_OF_SERVICE']],
    ['Kafka down', { kafka: down }, 'ready', ['DOWN', 'UP', 'UP']],
    ['consumer stalled', { consumer: down }, 'ready', ['DOWN', 'UP', 'UP']],
    ['store down', { store: down }, 'ready', ['DOWN', 'UP', 'OUT_OF_SERVICE']],
    ['store down while starting', { store: down }, 'starting', ['DOWN', 'UP', 'OUT_OF_SERVICE']],
    ['consumer beyond repair', { consumer: down, consumerIsBroken: () => true }, 'ready', ['DOWN', 'DOWN', 'UP']],
  ])('%s', async (_, trouble, state, expected) => {
    expect(await statuses(new Health({ ...allWell, ...trouble }, lifecycle(state)))).toEqual(expected);
  });

  it('are those of the lifecycle alone where nothing else is known', async () => {
    expect(await statuses(new Health({}, lifecycle('ready')))).toEqual(['UP', 'UP', 'UP']);
  });
});

describe('a check', () => {
  it('that throws counts as DOWN and says why', async () => {
    const health = new Health({ store: () => Promise.reject(new Error('no route')) }, lifecycle('ready'));
    expect((await health.overall()).components).toMatchObject({
      mongo: { status: 'DOWN', details: { error: 'no route' } },
    });
  });

  it('that does not answer counts as DOWN', async () => {
    const health = new Health({ store: () => new Promise(() => {}) }, lifecycle('ready'), 10);
    expect((await health.readiness()).status).toBe('OUT_OF_SERVICE');
    expect((await health.overall()).components).toMatchObject({
      mongo: { details: { error: 'no answer within 10 ms' } },
    });
  });

  it('is called on its object', async () => {
    class Source implements HealthSource {
      private readonly reason = 'mine';
      kafka(): HealthComponent {
        return { status: 'DOWN', details: { reason: this.reason } };
      }
    }
    const { components } = await new Health(new Source(), lifecycle('ready')).overall();
    expect(components).toMatchObject({ kafka: { details: { reason: 'mine' } } });
  });
});
