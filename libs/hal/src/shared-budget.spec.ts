import { type Reservation, SharedBudget } from './shared-budget';
import { TooBusy } from './too-busy';

describe('a shared budget', () => {
  it('lets in what there is room for, and the next one of a client when room was given back, in turn', async () => {
    const budget = new SharedBudget(10);
    const first = await budget.reserve('a', 10);
    const order: string[] = [];
    const second = Promise.resolve(budget.reserve('b', 6)).then((held) => (order.push('second'), held));
    const third = Promise.resolve(budget.reserve('b', 2)).then((held) => (order.push('third'), held));
    await settled();
    first.shrinkTo(5);
    await settled();
    expect(order).toEqual([]);
    first.release();
    first.release();
    (await second).release();
    (await third).release();
    expect(order).toEqual(['second', 'third']);
    expect(budget.reserveNow('b', 11)).toBeDefined();
    expect(budget.reserveNow('a', 1)).toBeUndefined();
  });

  it('never grows by giving back twice, or more than was held', () => {
    const budget = new SharedBudget(10);
    const held = heldNow(budget, 'a', 4);
    held.shrinkTo(9);
    held.release();
    held.shrinkTo(2);
    held.release();
    const all = heldNow(budget, 'a', 10);
    expect(budget.reserveNow('b', 1)).toBeUndefined();
    all.release();
    heldNow(budget, 'b', 10);
  });

  it('gives the whole to a client that wants more and holds nothing', async () => {
    const budget = new SharedBudget(10);
    (await budget.reserve('a', 1_000)).release();
    expect(budget.reserve('b', 10)).not.toBeInstanceOf(Promise);
  });

  it.each([
    [1, [24, 8]],
    [2, [24, 4, 4]],
  ])('leaves something to the others when %i clients take all that they get', (greedy, expected) => {
    const budget = new SharedBudget(32);
    const clients = ['a', 'b', 'c'].slice(0, greedy);
    const taken = clients.map((client) => takeAll(budget, client, 4));
    let left = 0;
    for (let client = 0; budget.reserveNow(`other-${client}`, 4); client++) left += 4;
    expect([...taken, left]).toEqual(expected);
  });

  it('lets the clients take turns, and passes over one that holds its share', async () => {
    const budget = new SharedBudget(32, { maxWaitMs: 1_000 });
    takeAll(budget, 'greedy', 4);
    const order: string[] = [];
    const wait = (client: string) =>
      Promise.resolve(budget.reserve(client, 4)).then((held) => (order.push(client), held));
    const refused = [1, 2, 3].map(() => expect(wait('greedy')).rejects.toThrow(TooBusy));
    const [first, second] = await Promise.all([wait('b'), wait('c')]);
    const others = [wait('b'), wait('b'), wait('c')];
    await settled();
    expect(order).toEqual(['b', 'c']);
    second?.shrinkTo(0);
    await settled();
    expect(order).toEqual(['b', 'c', 'c']);
    (await others[2])?.release();
    first?.release();
    (await others[0])?.release();
    (await others[1])?.release();
    expect(order).toEqual(['b', 'c', 'c', 'b', 'b']);
    await Promise.all(refused);
  });

  it('refuses a client that has waited too long', async () => {
    const budget = new SharedBudget(10, { maxWaitMs: 20 });
    const all = await budget.reserve('a', 10);
    await expect(budget.reserve('a', 6)).rejects.toThrow(TooBusy);
    all.release();
    heldNow(budget, 'a', 10);
  });

  it('refuses, when too many wait, the newest of the client that has most of them', async () => {
    const budget = new SharedBudget(1, { maxWaiting: 3 });
    const held = heldNow(budget, 'greedy', 1);
    const waiting = [1, 2, 3].map(() => Promise.resolve(budget.reserve('greedy', 1)));
    const honest = budget.reserve('honest', 1);
    await expect(waiting[2]).rejects.toThrow(TooBusy);
    expect(() => budget.reserve('greedy', 1)).toThrow(TooBusy);
    held.release();
    (await waiting[0])?.release();
    (await honest).release();
    (await waiting[1])?.release();
    heldNow(budget, 'honest', 1);
  });
});

function heldNow(budget: SharedBudget, client: string, amount: number): Reservation {
  const held = budget.reserveNow(client, amount);
  if (!held) throw new Error(`${client} did not get ${amount}.`);
  return held;
}

function takeAll(budget: SharedBudget, client: string, each: number): number {
  let taken = 0;
  while (budget.reserveNow(client, each)) taken += each;
  return taken;
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
