import { Logger } from '@nestjs/common';
import { authorized, basic, credential, startThings, type ThingsApp } from '../test/things-app';

interface Events {
  events: { type: string; principal: string }[];
}

let things: ThingsApp;
let warn: jest.SpyInstance;

beforeEach(async () => {
  warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  things = await startThings(credential, { clientOf: ({ headers }) => String(headers['x-client'] ?? 'me') });
});

afterEach(async () => {
  warn.mockRestore();
  await things.app.close();
});

async function statuses(count: number, path: string, headers: Record<string, string>): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let index = 0; index < count; index++) seen.add((await things.get(path, headers)).status);
  return seen;
}

describe('guesses at the management password', () => {
  it('are ten a minute for a client: then even the right one gets 429, and others are not concerned', async () => {
    expect(await statuses(10, '/actuator/parked', basic('ops:wrong'))).toEqual(new Set([401]));
    const refused = await things.get('/actuator/parked', basic('ops:wrong'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(await things.get('/actuator/parked', authorized)).toMatchObject({ status: 429 });
    expect(await things.get('/actuator/parked', { ...authorized, 'x-client': 'other' })).toMatchObject({ status: 200 });
  });

  it.each(['/actuator/health', '/actuator/info'])(
    'count at the open %s too, which shows more to who knows it',
    async (path) => {
      expect(await statuses(10, path, basic('ops:wrong'))).toEqual(new Set([200]));
      expect((await things.get(path, authorized)).text).toBe((await things.get(path)).text);
      expect(await things.get('/actuator/parked', authorized)).toMatchObject({ status: 429 });
    },
  );

  it('are no guesses without a password', async () => {
    expect(await statuses(30, '/actuator/parked', {})).toEqual(new Set([401]));
    expect(await things.get('/actuator/parked', authorized)).toMatchObject({ status: 200 });
  });

  it('are logged once a second, with how many there were', async () => {
    await statuses(50, '/actuator/parked', basic('ops:wrong'));
    const elapsedSeconds = Math.ceil(process.uptime());
    expect(warn.mock.calls.length).toBeLessThan(Math.min(50, elapsedSeconds));
    expect(warn.mock.calls[0]).toEqual(['Wrong management password from me']);
  });

  it('do not push out of the audit trail what was done', async () => {
    await things.post('/actuator/parked/7/redrive', {}, authorized);
    for (let client = 0; client < 110; client++)
      await statuses(10, '/actuator/parked', { ...basic('ops:wrong'), 'x-client': String(client) });
    const { events } = (await things.get('/actuator/auditevents', authorized)).json as unknown as Events;
    expect(events.filter(({ type }) => type === 'AUTHENTICATION_FAILURE')).toHaveLength(1_000);
    expect(events.filter(({ type }) => type === 'OPERATOR_ACTION')).toHaveLength(1);
  });
});
