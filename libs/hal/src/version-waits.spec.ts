import { type AwaitedVersion, VersionWaits } from './version-waits';

const soon = () => performance.now() + 10_000;
const honest = { client: '192.0.2.1', version: 2, known: async () => 1 };

function awaited(overrides: Partial<AwaitedVersion> = {}): AwaitedVersion {
  return { ...honest, giveUpAt: soon(), ...overrides };
}

/** Known at the nth time it is asked for. */
function knownAfter(times: number): () => Promise<number> {
  let asked = 0;
  return async () => (++asked >= times ? 2 : 1);
}

async function settled(promise: Promise<boolean>): Promise<boolean | 'waiting'> {
  return Promise.race([promise, new Promise<'waiting'>((resolve) => setTimeout(resolve, 50, 'waiting'))]);
}

describe('waiting for a version', () => {
  let waits: VersionWaits;

  beforeEach(() => void (waits = new VersionWaits()));
  afterEach(() => waits.end());

  it('asks once where it is there', async () => {
    const known = jest.fn(async () => 2);
    expect(await waits.until(awaited({ known, giveUpAt: performance.now() }))).toBe(true);
    expect(known).toHaveBeenCalledTimes(1);
  });

  it('ends when it comes', async () => {
    expect(await waits.until(awaited({ known: knownAfter(3) }))).toBe(true);
  });

  it('asks no more often than every 25 ms, and gives up in time', async () => {
    const known = jest.fn(honest.known);
    const begin = performance.now();
    expect(await waits.until(awaited({ known, giveUpAt: begin + 200 }))).toBe(false);
    expect(performance.now() - begin).toBeGreaterThan(190);
    expect(known.mock.calls.length).toBeLessThanOrEqual(8);
  });

  it('ends at once when the service stops, and nobody waits after that', async () => {
    const [one, begin] = [waits.until(awaited()), performance.now()];
    waits.onModuleDestroy();
    expect(await one).toBe(false);
    expect(await waits.until(awaited())).toBe(false);
    expect(await waits.until(awaited({ known: async () => 2 }))).toBe(true);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('ends when its client is gone', async () => {
    expect(await waits.until(awaited({ isGone: () => true }))).toBe(false);
  });

  it.each<[string, Partial<AwaitedVersion>]>([
    ['something that this service has never seen', { known: async () => 0 }],
    ['a version far above the known one', { version: 102 }],
  ])('is over after a second for %s', async (_, overrides) => {
    const begin = performance.now();
    expect(await waits.until(awaited({ ...overrides, giveUpAt: begin + 60_000 }))).toBe(false);
    expect(performance.now() - begin).toBeGreaterThan(990);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('goes on after that second for what has been seen meanwhile', async () => {
    const begin = performance.now();
    const known = async () => Math.floor((performance.now() - begin) / 600);
    expect(await waits.until(awaited({ known }))).toBe(true);
  });

  it('is for twenty of one client: one more takes the place of the oldest', async () => {
    const twenty = Array.from({ length: 20 }, () => waits.until(awaited()));
    const last = waits.until(awaited());
    expect(await twenty[0]).toBe(false);
    expect(await settled(Promise.race([...twenty.slice(1), last]))).toBe('waiting');
  });

  it('is for a hundred: one more takes the place of the client that has most', async () => {
    const client = (index: number) => `192.0.2.${index}`;
    const many = [20, 15, 15, 15, 15, 15].map((count, index) =>
      Array.from({ length: count }, () => waits.until(awaited({ client: client(index) }))),
    );
    const last = Array.from({ length: 6 }, () => waits.until(awaited({ client: 'another' })));
    expect(await many[0]?.[0]).toBe(false);
    expect(await settled(Promise.race([...many.slice(1).flat(), ...(many[0] ?? []).slice(1), ...last]))).toBe(
      'waiting',
    );
  });

  it('has room for an honest client behind 110 hostile requests, wherever they come from', async () => {
    const hostile = { known: async () => 0, giveUpAt: performance.now() + 999_999_000 };
    const one = Array.from({ length: 110 }, () => waits.until(awaited({ ...hostile, client: 'one' })));
    const many = Array.from({ length: 110 }, (_, index) =>
      waits.until(awaited({ ...hostile, client: `many ${index % 10}` })),
    );
    expect(await waits.until(awaited({ known: knownAfter(3) }))).toBe(true);
    expect(await waits.until(awaited({ known: knownAfter(3), client: 'one' }))).toBe(true);
    expect(await Promise.all([...one, ...many])).toEqual(Array(220).fill(false));
  });

  it('fails as the question fails, and gives its place back', async () => {
    const known = jest.fn(async () => 1);
    known.mockResolvedValueOnce(1).mockRejectedValueOnce(new Error('the store is away'));
    await expect(waits.until(awaited({ known }))).rejects.toThrow('the store is away');
    const twenty = Array.from({ length: 20 }, () => waits.until(awaited()));
    expect(await settled(Promise.race(twenty))).toBe('waiting');
  });
});
