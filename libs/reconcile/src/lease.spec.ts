import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlreadyReconciling, exclusively, LeaseLost } from './lease';
import type { LeaseState, ReconciledLink, ServiceClient } from './service-client';

const times = { beatMs: 20, stillMs: 700, waitMs: 1_500 };

/** As Orders keeps the lease. */
class Keeper {
  holder: string | null = null;
  number = 0;
  last: readonly ReconciledLink[] | undefined;
  isDown = false;

  get client(): ServiceClient {
    return this as unknown as ServiceClient;
  }

  async lease(): Promise<LeaseState> {
    return { holder: this.holder, beat: this.number };
  }

  async takeLease(holder: string, seen: { holder: string | null; beat: number }): Promise<boolean> {
    if (this.holder !== seen.holder || this.number !== seen.beat) return false;
    this.holder = holder;
    this.number++;
    return true;
  }

  async beatLease(holder: string): Promise<boolean> {
    if (this.isDown) throw new Error('cannot be reached');
    if (this.holder !== holder) return false;
    this.number++;
    return true;
  }

  async endLease(holder: string, links?: readonly ReconciledLink[]): Promise<void> {
    if (this.holder !== holder) return;
    [this.holder, this.last] = [null, links ?? this.last];
  }
}

const found = [{ link: 'customers', drift: 2, inFlight: 0 }];

it('lets one work at a time, the other one when the first has come to its end', async () => {
  const keeper = new Keeper();
  const steps: string[] = [];
  const work = (name: string) => async () => {
    steps.push(`${name} begins`);
    await sleep(100);
    steps.push(`${name} ends`);
    return { value: name, links: found };
  };
  const both = ['a', 'b'].map((name) => exclusively(keeper.client, work(name), { times }));
  expect(await Promise.all(both)).toEqual(['a', 'b']);
  const [first, , third] = steps.map((step) => step[0]);
  expect(steps).toEqual([`${first} begins`, `${first} ends`, `${third} begins`, `${third} ends`]);
  expect(keeper).toMatchObject({ holder: null, last: found });
});

it('refuses while another one lives for longer than it may be waited for', async () => {
  const keeper = new Keeper();
  keeper.holder = 'somebody';
  const living = setInterval(() => keeper.number++, 50);
  const waits: string[] = [];
  const work = exclusively(keeper.client, async () => ({ value: 1 }), {
    times,
    onWait: (holder) => waits.push(holder),
  });
  await expect(work).rejects.toThrow(AlreadyReconciling);
  clearInterval(living);
  expect([keeper.holder, waits]).toEqual(['somebody', ['somebody']]);
});

it('takes over from one that died, once it has stood still for long enough', async () => {
  const keeper = new Keeper();
  keeper.holder = 'dead';
  const start = performance.now();
  expect(await exclusively(keeper.client, async () => ({ value: 'done' }), { times })).toBe('done');
  expect(performance.now() - start).toBeGreaterThanOrEqual(times.stillMs);
  expect(keeper.holder).toBeNull();
});

it('keeps what an earlier one found where a later one fails, and gives the lease back', async () => {
  const keeper = new Keeper();
  keeper.last = found;
  const work = exclusively(keeper.client, () => Promise.reject(new Error('no answer')), { times });
  await expect(work).rejects.toThrow('no answer');
  expect(keeper).toMatchObject({ holder: null, last: found });
});

it('stops one whose lease was taken over, and leaves the lease to the other one', async () => {
  const keeper = new Keeper();
  const work = exclusively(
    keeper.client,
    async (guard) => {
      guard();
      keeper.holder = 'another';
      await sleep(10 * times.beatMs);
      guard();
      return { value: 1, links: found };
    },
    { times },
  );
  await expect(work).rejects.toThrow(LeaseLost);
  expect([keeper.holder, keeper.last]).toEqual(['another', undefined]);
});

it('stops one that cannot give a sign of life, before another one may begin', async () => {
  const keeper = new Keeper();
  keeper.isDown = true;
  let worked = 0;
  const work = exclusively(
    keeper.client,
    async (guard) => {
      for (;;) {
        guard();
        worked = performance.now();
        await sleep(10);
      }
    },
    { times },
  );
  const start = performance.now();
  await expect(work).rejects.toThrow(LeaseLost);
  expect(worked - start).toBeLessThan(times.stillMs);
});

it('stops one whose machine was suspended, which the monotonic clock does not count', async () => {
  const keeper = new Keeper();
  const real = Date.now.bind(Date);
  const work = exclusively(
    keeper.client,
    async (guard) => {
      guard();
      const suspended = jest.spyOn(Date, 'now').mockImplementation(() => real() + times.stillMs);
      try {
        guard();
      } finally {
        suspended.mockRestore();
      }
      return { value: 1 };
    },
    { times },
  );
  await expect(work).rejects.toThrow(LeaseLost);
});

it('gives up where it is not wanted any more when its turn comes', async () => {
  const keeper = new Keeper();
  const isWanted = () => keeper.last === undefined;
  const work = async () => ({ value: 1, links: found });
  const both = [1, 2].map(() => exclusively(keeper.client, work, { times, isWanted }));
  const ends = await Promise.allSettled(both);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { name: 'AlreadyReconciling' } });
});

it('is given back when a signal ends the work, or the waiting for it', async () => {
  const keeper = new Keeper();
  const stop = new AbortController();
  let check = () => {};
  const endless = (guard: () => void) => {
    check = guard;
    return new Promise<{ value: string }>(() => {});
  };
  const running = exclusively(keeper.client, endless, { times, signal: stop.signal });
  await sleep(50);
  expect(keeper.holder).not.toBeNull();
  const impatient = exclusively(keeper.client, endless, { times, signal: AbortSignal.timeout(100) });
  await expect(impatient).rejects.toThrow('aborted');
  stop.abort(new Error('Ended by SIGTERM.'));
  await expect(running).rejects.toThrow('Ended by SIGTERM.');
  expect(keeper.holder).toBeNull();
  // what goes on all the same may not ask for anything
  expect(check).toThrow(LeaseLost);
  await expect(exclusively(keeper.client, endless, { times, signal: stop.signal })).rejects.toThrow(
    'Ended by SIGTERM.',
  );
  expect(keeper.holder).toBeNull();
});
