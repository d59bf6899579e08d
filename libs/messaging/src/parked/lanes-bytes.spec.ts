import { LanesBytes } from './lanes-bytes';

describe('the bytes of all lanes', () => {
  it('are looked up once, and then what was added is counted', async () => {
    let looks = 0;
    const bytes = new LanesBytes(() => Promise.resolve((looks++, 100)));
    bytes.add(7);
    expect(await bytes.held()).toBe(100);
    bytes.add(5);
    expect([await bytes.held(), looks]).toEqual([105, 1]);
  });

  it('are what a look finds, and what is added while it looks counts besides', async () => {
    const bytes = new LanesBytes(() => Promise.resolve(0));
    await bytes.held();
    bytes.add(50);
    const look = async () => {
      bytes.add(3);
      return Promise.resolve([20, 30]);
    };
    expect(await bytes.after(look, (sizes) => sizes.reduce((sum, size) => sum + size, 0))).toEqual([20, 30]);
    expect(await bytes.held()).toBe(53);
  });

  it('are those of the look that began last, where two overlap', async () => {
    const bytes = new LanesBytes(() => Promise.resolve(0));
    await bytes.held();
    bytes.add(100);
    const first = Promise.withResolvers<number>();
    const older = bytes.after(
      () => first.promise,
      (sum) => sum,
    );
    bytes.add(7);
    await bytes.after(
      () => Promise.resolve(107),
      (sum) => sum,
    );
    first.resolve(100);
    await older;
    expect(await bytes.held()).toBe(107);
  });
});
