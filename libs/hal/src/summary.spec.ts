import { summary } from './summary';

async function pieces(items: object[]): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of summary('customers', [items.slice(0, 2), items.slice(2)])) all.push(piece);
  return all;
}

describe('a summary', () => {
  it.each([0, 1, 3])('is one JSON text for %i items', async (count) => {
    const items = Array.from({ length: count }, (_, id) => ({ id, note: null }));
    expect((await pieces(items)).join('')).toBe(JSON.stringify({ customers: items }));
  });

  it('comes in pieces when it is long', async () => {
    const items = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'some text' }));
    const texts = await pieces(items);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.join('')).toBe(JSON.stringify({ customers: items }));
  });
});
