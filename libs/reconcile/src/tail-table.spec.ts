import { createHash } from 'node:crypto';
import { TailTable } from './tail-table';

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('the table of a tail', () => {
  it('has the last record of each key, also after it has grown', () => {
    const table = new TailTable();
    for (let n = 0; n < 5_000; n++) table.set(`k${n}`, { version: 1, hash: hashOf('old') });
    for (let n = 0; n < 5_000; n++) table.set(`k${n}`, { version: n + 2, hash: hashOf(`${n}`) });
    expect(table.keys).toBe(5_000);
    for (let n = 0; n < 5_000; n++)
      expect(table.see(`k${n}`, hashOf(`${n}`))).toEqual({ version: n + 2, hash: hashOf(`${n}`) });
    expect(table.see('k5000')).toBeUndefined();
  });

  it('tells another content by the beginning of its hash', () => {
    const table = new TailTable();
    table.set('a', { version: 7, hash: hashOf('its own') });
    for (const other of [hashOf('another'), '', undefined]) {
      const found = table.see('a', other);
      expect([found?.version, found?.hash.length, found?.hash.slice(0, 10)]).toEqual([
        7,
        11,
        hashOf('its own').slice(0, 10),
      ]);
    }
  });

  it('keeps a deletion, and nothing where no reader takes the last record', () => {
    const table = new TailTable();
    table.set('gone', { version: 2, hash: '', deleted: true });
    table.set('spoilt', { version: 4, hash: hashOf('x') });
    table.set('spoilt', undefined);
    table.set('never', undefined);
    expect(table.see('gone', hashOf('x'))).toEqual({ version: 2, hash: '', deleted: true });
    expect([table.see('spoilt'), table.see('never'), table.keys]).toEqual([undefined, undefined, 2]);
    table.set('spoilt', { version: 5, hash: hashOf('y') });
    expect(table.see('spoilt', hashOf('y'))).toEqual({ version: 5, hash: hashOf('y') });
  });

  it('knows what nobody has seen', () => {
    const table = new TailTable();
    for (const id of ['a', 'b', 'c']) table.set(id, { version: 1, hash: hashOf(id) });
    table.set('c', undefined);
    table.see('a');
    expect([table.unseen, table.isUnseen('a'), table.isUnseen('b'), table.isUnseen('c')]).toEqual([
      1,
      false,
      true,
      false,
    ]);
    expect(table.isUnseen('d')).toBe(false);
  });

  it('takes at most 72 bytes a key', () => {
    const table = new TailTable();
    let most = 0;
    for (let n = 0; n < 20_000; n++) {
      table.set(`k${n}`, { version: 1, hash: hashOf('') });
      if (n >= 1_024) most = Math.max(most, table.bytes / table.keys);
    }
    expect(most).toBeLessThanOrEqual(72);
  });
});
