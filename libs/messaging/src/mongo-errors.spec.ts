import { mongo } from 'mongoose';
import { StoreUnavailable } from './failures';
import { isDuplicateKey, isStoreTrouble, neverSent, refusedAsDuplicates, translated } from './mongo-errors';

const server = (code: number) => new mongo.MongoServerError({ ok: 0, errmsg: 'said', code });
const network = new mongo.MongoNetworkError('connection closed');

function bulk(cause: unknown, writeConcernError?: { code: number }, insertedCount = 0): mongo.MongoBulkWriteError {
  const told = { getWriteConcernError: () => writeConcernError, insertedCount, matchedCount: 0 };
  const result = told as unknown as mongo.BulkWriteResult;
  return new mongo.MongoBulkWriteError(cause as mongo.AnyError, result);
}

const refused = (...writeErrors: { index: number; code: number }[]) =>
  bulk({ message: 'refused', code: writeErrors[0]?.code, writeErrors });

describe('trouble with the store', () => {
  it.each([
    ['a broken connection', network],
    ['a time-out', new mongo.MongoNetworkTimeoutError('timed out')],
    ['no server', new mongo.MongoServerSelectionError('none', {} as never)],
    ['no free connection in time', new mongo.MongoDriverError('Timed out while checking out a connection')],
    ['a closed client', new mongo.MongoClientClosedError()],
    ['a client that was never connected', new mongo.MongoNotConnectedError('not connected')],
    ['no primary', server(10107)],
    ['a primary that steps down', server(189)],
    ['a time limit', server(50)],
    ['rights that are missing now', server(13)],
    [
      'a write that is not durable',
      new mongo.MongoWriteConcernError({ writeConcernError: { code: 64 }, ok: 1 } as never),
    ],
    ['StoreUnavailable', new StoreUnavailable()],
    ['a broken connection in a bulk write', bulk(network)],
    ['a bulk write that is not durable', bulk({ message: 'waiting for replication', code: 64 })],
    ['a bulk write that is written, but not durable', bulk({ message: 'x', writeErrors: [] }, { code: 64 })],
    ['no primary in a bulk write', bulk(server(10107))],
    ['operations of a bulk write that met a step-down', refused({ index: 0, code: 11000 }, { index: 1, code: 11602 })],
  ])('is %s', (_, error) => {
    expect(isStoreTrouble(error)).toBe(true);
  });

  it.each([
    ['a duplicate key', server(11000)],
    ['a document that is too large', server(10334)],
    ['an argument the driver refuses', new mongo.MongoInvalidArgumentError('document too large')],
    ['duplicates in a bulk write', refused({ index: 0, code: 11000 })],
    ['an invalid document in a bulk write', refused({ index: 0, code: 121 })],
    ['a command that a bulk write gets wrong', bulk(server(9))],
    ['an error of ours', new TypeError('x')],
    ['nothing', undefined],
  ])('is not %s', (_, error) => {
    expect(isStoreTrouble(error)).toBe(false);
  });

  it('is StoreUnavailable to callers, with its cause; anything else stays what it is', async () => {
    const failing = (error: Error) =>
      translated(async () => {
        throw error;
      });
    await expect(failing(network)).rejects.toMatchObject({ name: 'StoreUnavailable', cause: network });
    const first = new StoreUnavailable();
    await expect(failing(first)).rejects.toBe(first);
    await expect(failing(server(11000))).rejects.toMatchObject({ code: 11000 });
  });
});

describe('an operation that was never sent', () => {
  it('found no server; a connection that broke may have carried it', () => {
    expect(neverSent(new mongo.MongoServerSelectionError('none', {} as never))).toBe(true);
    expect(neverSent(network)).toBe(false);
  });

  it('is a bulk write of which no part was', () => {
    const nowhere = new mongo.MongoServerSelectionError('none', {} as never);
    expect(neverSent(bulk(nowhere))).toBe(true);
    expect(neverSent(bulk(nowhere, undefined, 1))).toBe(false);
    expect(neverSent(bulk(network))).toBe(false);
  });
});

describe('a bulk write', () => {
  it('names what it refused as duplicates', () => {
    expect(refusedAsDuplicates(refused({ index: 1, code: 11000 }, { index: 4, code: 11000 }))).toEqual([1, 4]);
    expect(isDuplicateKey(server(11000))).toBe(true);
  });

  it('whose connection broke has refused nothing and written nothing that is known', () => {
    expect(() => refusedAsDuplicates(bulk(network))).toThrow(StoreUnavailable);
    expect(() => refusedAsDuplicates(bulk({ message: 'x', code: 64 }))).toThrow(StoreUnavailable);
  });

  it('with another error among its duplicates is that error', () => {
    const mixed = refused({ index: 0, code: 11000 }, { index: 1, code: 121 });
    expect(() => refusedAsDuplicates(mixed)).toThrow(mixed);
    expect(() => refusedAsDuplicates(new TypeError('x'))).toThrow(TypeError);
  });
});

it('a socket that broke at a write is trouble with the store, though the driver passes it on as it is', () => {
  const broken = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
  expect(isStoreTrouble(broken)).toBe(true);
  expect(neverSent(broken)).toBe(false);
  expect(isStoreTrouble(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBe(false);
});
