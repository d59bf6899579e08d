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
});
