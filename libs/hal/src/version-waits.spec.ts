import { VersionWaits } from './version-waits';

const soon = () => performance.now() + 10_000;
const never = async () => false;

describe('waiting for a version', () => {
  it('asks once where it is there', async () => {
    const asked = jest.fn(async () => true);
    expect(await new VersionWaits().until(asked, performance.now())).toBe(true);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('ends when it comes', async () => {
    let times = 0;
    expect(await new VersionWaits().until(async () => ++times === 3, soon())).toBe(true);
    expect(times).toBe(3);
  });

  it('asks no more often than every 25 ms, and gives up in time', async () => {
    const asked = jest.fn(never);
    const begin = performance.now();
    expect(await new VersionWaits().until(asked, begin + 200)).toBe(false);
    expect(performance.now() - begin).toBeGreaterThan(190);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(8);
  });

  it('ends at once when the service stops, and nobody waits after that', async () => {
    const waits = new VersionWaits();
    const [one, begin] = [waits.until(never, soon()), performance.now()];
    waits.onModuleDestroy();
    expect(await one).toBe(false);
    expect(await waits.until(never, soon())).toBe(false);
    expect(await waits.until(async () => true, soon())).toBe(true);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('ends when its client is gone', async () => {
    expect(await new VersionWaits().until(never, soon(), () => true)).toBe(false);
  });

  it('is for a hundred at a time; those beyond are told at once, and others when there is room again', async () => {
    const waits = new VersionWaits();
    let isThere = false;
    const hundred = Array.from({ length: 100 }, () => waits.until(async () => isThere, soon()));
    await Promise.resolve();
    expect(await waits.until(never, soon())).toBe(false);
    isThere = true;
    expect(await Promise.all(hundred)).toEqual(Array(100).fill(true));
    let times = 0;
    expect(await waits.until(async () => ++times > 1, soon())).toBe(true);
  });

  it('fails as the question fails', async () => {
    await expect(
      new VersionWaits().until(async () => {
        throw new Error('the store is away');
      }, soon()),
    ).rejects.toThrow('the store is away');
  });
});
