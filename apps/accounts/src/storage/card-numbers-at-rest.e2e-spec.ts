import { customerChanges } from '@storefront/contracts';
import { nativeCollection } from '@storefront/messaging';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import fs, { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../../test/eventually';
import { TopicTail } from '../../../../test/topic-tail';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';
import { cardKeys } from '../domain/card-keys';
import { CardVault } from '../domain/card-vault';
import { ClearCardNumbers } from './clear-card-numbers';

const collection = 'customer.accounts';
const someone = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [],
};

/** Found nowhere by chance: 16 digits with a right check digit, the last four zero. */
function uniqueNumber(): string {
  for (;;) {
    const number = `4${String(randomInt(1e11, 1e12 - 1)).slice(1)}0000`;
    if (hasCheckDigit(number)) return number;
  }
}

function hasCheckDigit(number: string): boolean {
  const values = Array.from(number).map((digit, place) => (place % 2 === 0 ? Number(digit) * 2 : Number(digit)));
  return values.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0;
}

function card(number: string) {
  return { type: 'PRIMARY', description: number.slice(1, 3), number, expiration: '1/30', nameOnCard: 'Ada' };
}

/** Every file below the folder in which one of the texts stands, in UTF-8 or in UTF-16. */
function filesWith(texts: readonly string[], folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return texts.some((text) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')));
    });
}

describe('card numbers', () => {
  let accounts: RunningAccounts;
  let topic: TopicTail;

  beforeAll(async () => {
    accounts = await startAccounts({ LOG_LEVEL: 'debug' });
    topic = await TopicTail.open(customerChanges.name);
  });

  afterAll(async () => {
    await topic?.close();
    await accounts?.stop();
  });

  it('are in no file of the store and of Kafka, in no answer and in no log, whichever way they came', async () => {
    const written: string[] = [];
    const original = fs.writeSync;
    const spy = jest.spyOn(fs, 'writeSync').mockImplementation((fd: number, ...what: [string]) => {
      if (fd === 1) written.push(what[0]);
      return original(fd, ...what);
    });
    const numbers = Array.from({ length: 6 }, uniqueNumber);
    const [posted, put, merged, patched, replaced, keyed] = numbers as [string, string, string, string, string, string];
    const id = `cards-${randomUUID()}`;
    const path = `/customers/${id}`;
    const answers = [
      await accounts.request('POST', '/customers', { ...someone, id, creditCards: [card(posted)] }),
      await accounts.request('PUT', path, { ...someone, creditCards: [card(put)] }),
      await accounts.request('PATCH', path, { creditCards: [card(merged)] }),
      await accounts.request('PATCH', path, [{ op: 'add', path: '/creditCards/-', value: card(patched) }], {
        'content-type': 'application/json-patch+json',
      }),
      await accounts.request(
        'PATCH',
        path,
        { creditCards: [card(replaced)] },
        { 'content-type': 'application/merge-patch+json' },
      ),
      await accounts.request(
        'POST',
        '/customers',
        { ...someone, creditCards: [card(keyed)] },
        { 'idempotency-key': id },
      ),
      await accounts.request('PUT', path, { ...someone, creditCards: [{ ...card(posted), number: `*${posted}` }] }),
      await accounts.request('GET', `/customers/${posted}`),
      await accounts.request('GET', path),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200, 201, 400, 404, 200]);
    expect(answers.at(-1)?.json).toMatchObject({ creditCards: [{ number: '****-****-****-0000' }] });
    await topic.versionsOf(id, 5);
    spy.mockRestore();
    expect(written.join('')).toContain(path);
    const texts = numbers.flatMap((number) => [number, number.replace(/(.{4})(?=.)/g, '$1-')]);
    const told = JSON.stringify(answers.map(({ json }) => json)) + written.join('');
    expect(texts.filter((text) => told.includes(text))).toEqual([]);
    const stored = await accounts.store.collection(collection).find().toArray();
    expect(texts.filter((text) => JSON.stringify(stored).includes(text))).toEqual([]);
    const folder = process.env.ENGINES_DATA_DIR;
    // servers of somebody else: their files are not here
    if (folder === undefined) return;
    // what was written lies there: the search finds what is no secret
    expect(filesWith([id], folder)).not.toEqual([]);
    expect(filesWith(texts, folder)).toEqual([]);
  });

  it('that are in clear in the store are converted after the start, and nothing else is changed', async () => {
    const customers = accounts.store.collection(collection);
    const [old, other] = [uniqueNumber(), uniqueNumber()];
    const before = { name: { lastName: 'Smith' }, _class: 'com.storefront.model.Customer' };
    const { number: _, ...told } = card(old);
    const { insertedId: original } = await customers.insertOne({
      ...before,
      creditCards: [card(old), { number: null }],
    });
    const earlier = `cards-${randomUUID()}`;
    const state = { ...someone, version: 7, outbox: [], recentEventIds: ['a', 'b'], creditCards: [card(other)] };
    await customers.insertOne({ _id: earlier as never, ...state });
    await customers.insertMany(Array.from({ length: 250 }, () => ({ ...before, creditCards: [card(uniqueNumber())] })));
    const shownBefore = (await accounts.request('GET', `/customers/${earlier}`)).json;
    const again = await startAccounts({ MONGODB_URI: accounts.uri });
    await eventually(
      () => customers.countDocuments({ 'creditCards.number': { $exists: true } }),
      (count) => count === 0,
    );
    expect(await customers.findOne({ _id: original })).toEqual({
      _id: original,
      ...before,
      creditCards: [
        { ...told, last4: '0000', brand: 'VISA', hash: expect.any(String) },
        { type: null, description: null, expiration: null, nameOnCard: null },
      ],
    });
    expect(await customers.findOne({ _id: earlier as never })).toMatchObject({
      version: 7,
      recentEventIds: ['a', 'b'],
      outbox: [],
    });
    const answer = await accounts.request('GET', `/customers/${earlier}`);
    expect([answer.json, answer.headers.get('etag')]).toEqual([shownBefore, '"7"']);
    // the number is known again, so it keeps its place although another one looks like it
    const masked = { ...card(other), number: '****-****-****-0000' };
    const body = { ...someone, creditCards: [card(other), masked] };
    expect((await accounts.request('PUT', `/customers/${earlier}`, body)).status).toBe(400);
    expect(
      (await accounts.request('PUT', `/customers/${earlier}`, { ...body, creditCards: [card(other)] })).status,
    ).toBe(200);
    await again.stop();
  });

  it('that an older key has sealed are sealed anew by the newest, and those of a lost key stay', async () => {
    const customers = nativeCollection(accounts.store.collection(collection));
    const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
    const [old, newest, lost] = [key('2025.a-1'), key('2026'), key('2024')];
    const [id, other, number] = [`cards-${randomUUID()}`, `cards-${randomUUID()}`, uniqueNumber()];
    const sealedWith = (keys: string, customer: string) => {
      const { number: _, ...told } = card(number);
      return { ...told, ...new CardVault(cardKeys(keys), 'encrypted').keep(number, customer) };
    };
    await customers.insertMany([
      { _id: id, version: 3, creditCards: [sealedWith(newest, id), sealedWith(old, id)] },
      { _id: other, version: 1, creditCards: [sealedWith(lost, other)] },
    ] as never);
    const before = await customers.findOne({ _id: other });
    const vault = new CardVault(cardKeys(`${newest},${old}`), 'encrypted');
    const convert = () => new ClearCardNumbers(() => customers, vault).convert();
    await convert();
    const renewed = (await customers.findOne({ _id: id })) as unknown as {
      creditCards: { sealed: string; hash: string }[];
    };
    expect(renewed).toMatchObject({ version: 3 });
    for (const { sealed, hash } of renewed.creditCards) {
      expect([sealed, hash]).toEqual([expect.stringMatching(/^2026:/), expect.stringMatching(/^2026:/)]);
      expect(new CardVault(cardKeys(newest)).open({ last4: null, brand: null, sealed }, id)).toBe(number);
    }
    await convert();
    expect(await customers.findOne({ _id: id })).toEqual(renewed);
    expect(await customers.findOne({ _id: other })).toEqual(before);
  });

  it('are left to whoever writes the customer meanwhile', async () => {
    const customers = nativeCollection(accounts.store.collection(collection));
    const id = `cards-${randomUUID()}`;
    await customers.insertOne({ _id: id, version: 3, creditCards: [card(uniqueNumber())] } as never);
    const late = Object.create(customers) as typeof customers;
    const updateOne = customers.updateOne.bind(customers);
    Object.defineProperty(late, 'updateOne', {
      value: async (...parameters: Parameters<typeof updateOne>) => {
        await updateOne({ _id: id }, { $inc: { version: 1 } });
        return updateOne(...parameters);
      },
    });
    expect(await new ClearCardNumbers(() => late, new CardVault()).convert()).toBe(0);
    expect(await customers.findOne({ _id: id })).toMatchObject({
      version: 4,
      creditCards: [{ number: expect.any(String) }],
    });
    expect(await new ClearCardNumbers(() => customers, new CardVault()).convert()).toBe(1);
    expect(await customers.findOne({ _id: id })).toMatchObject({ version: 4, creditCards: [{ last4: '0000' }] });
  });
});
