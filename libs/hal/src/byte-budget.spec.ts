import { ByteBudget, type Reservation, TooBusy } from './byte-budget';

describe('a byte budget', () => {
  it('lets in what there is room for, and the next one when room was given back, in turn', async () => {
    const budget = new ByteBudget(10);
    const first = await budget.reserve(8);
    const order: string[] = [];
    const second = Promise.resolve(budget.reserve(6)).then((held) => (order.push('second'), held));
    const third = Promise.resolve(budget.reserve(1)).then((held) => (order.push('third'), held));
    await settled();
    expect(order).toEqual([]);
    first.shrinkTo(5);
    await settled();
    expect(order).toEqual([]);
    first.release();
    first.release();
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
    const rest = budget.reserve(3);
    expect(rest).not.toBeInstanceOf(Promise);
    expect(budget.reserve(1)).toBeInstanceOf(Promise);
    expect(budget.reserveNow(0)).toBeUndefined();
    (rest as Reservation).release();
    expect(budget.reserveNow(11)).toBeUndefined();
  });

  it('never grows by giving back twice, or more than was held', async () => {
    const budget = new ByteBudget(10);
    const held = await budget.reserve(4);
    held.shrinkTo(9);
    held.release();
    held.shrinkTo(2);
    held.release();
    const all = await budget.reserve(10);
    const more = budget.reserve(1);
    expect(more).toBeInstanceOf(Promise);
    all.release();
    (await more).release();
  });

  it('gives the whole to who wants more', async () => {
    const budget = new ByteBudget(10);
    (await budget.reserve(1_000)).release();
    expect(budget.reserve(10)).not.toBeInstanceOf(Promise);
  });

  it('refuses who has waited too long, and lets in the one behind', async () => {
    const budget = new ByteBudget(10, { maxWaitMs: 20 });
    await budget.reserve(5);
    const large = budget.reserve(6);
    const small = budget.reserve(2);
    await expect(large).rejects.toThrow(TooBusy);
    (await small).release();
  });

  it('refuses at once when too many wait', () => {
    const budget = new ByteBudget(1, { maxWaiting: 1 });
    void budget.reserve(1);
    Promise.resolve(budget.reserve(1)).catch(() => undefined);
    expect(() => budget.reserve(1)).toThrow(TooBusy);
  });
});

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
