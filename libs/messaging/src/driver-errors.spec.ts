import { createRequire } from 'node:module';
import mongoose, { mongo } from 'mongoose';
import { isStoreTrouble } from './mongo-errors';

/** Every class of the driver, what an error of it means to a caller: try again (503, the partition pauses), or this will never do. */
const decided: Readonly<Record<string, 'again' | 'never'>> = {
  // the connection: broken, not there yet, closed, none free
  MongoNetworkError: 'again',
  MongoNetworkTimeoutError: 'again',
  PoolClearedError: 'again',
  PoolClearedOnNetworkError: 'again',
  PoolClosedError: 'again',
  WaitQueueTimeoutError: 'again',
  MongoServerSelectionError: 'again',
  MongoSystemError: 'again',
  MongoNotConnectedError: 'again',
  MongoTopologyClosedError: 'again',
  MongoServerClosedError: 'again',
  MongoClientClosedError: 'again',
  MongoExpiredSessionError: 'again',
  MongoOperationTimeoutError: 'again',
  MongoStalePrimaryError: 'again',
  // what came over it cannot be read
  MongoDecompressionError: 'again',
  MongoUnexpectedServerResponseError: 'again',
  // the installation or the credentials: not the operation's fault
  MongoKerberosError: 'again',
  MongoAWSError: 'again',
  MongoOIDCError: 'again',
  MongoAzureError: 'again',
  MongoGCPError: 'again',
  MongoCompatibilityError: 'again',
  MongoMissingCredentialsError: 'again',
  MongoMissingDependencyError: 'again',
  // the base classes, which the driver throws itself in places
  MongoDriverError: 'again',
  MongoRuntimeError: 'again',
  MongoAPIError: 'again',
  // written, but not durable yet
  MongoWriteConcernError: 'again',
  // the server said no: by its code, see mongo-errors.spec.ts
  MongoServerError: 'never',
  MongoBulkWriteError: 'never',
  MongoClientBulkWriteError: 'never',
  // the operation is wrong
  MongoInvalidArgumentError: 'never',
  MongoParseError: 'never',
  MongoTransactionError: 'never',
  MongoBatchReExecutionError: 'never',
  MongoCursorInUseError: 'never',
  MongoCursorExhaustedError: 'never',
  MongoTailableCursorError: 'never',
  MongoChangeStreamError: 'never',
  MongoGridFSStreamError: 'never',
  MongoGridFSChunkError: 'never',
  MongoClientBulkWriteCursorError: 'never',
  MongoClientBulkWriteExecutionError: 'never',
  // encryption by the driver is not used; the base class is abstract
  MongoError: 'never',
  MongoCryptError: 'never',
  MongoCryptInvalidArgumentError: 'never',
  MongoCryptCreateDataKeyError: 'never',
  MongoCryptCreateEncryptedCollectionError: 'never',
  MongoCryptAzureKMSRequestError: 'never',
  MongoCryptKMSRequestNetworkTimeoutError: 'never',
};

const load = createRequire(require.resolve('mongoose'));
const modules = ['error', 'cmap/errors', 'client-side-encryption/errors', 'bulk/common'];
const classes = new Map(
  modules
    .flatMap((name) => Object.entries(load(`mongodb/lib/${name}`) as Record<string, unknown>))
    .filter((entry): entry is [string, new () => Error] => isErrorClass(entry[1])),
);

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && (value.prototype instanceof Error || value === mongo.MongoError);
}

/** Without its constructor, whose parameters differ. */
function anErrorOf(name: string): Error {
  const prototype = classes.get(name)?.prototype as object;
  const result = { getWriteConcernError: () => undefined };
  const error = Object.create(prototype, { code: { value: 2 }, result: { value: result } }) as Error;
  Object.defineProperty(error, 'writeErrors', { value: [{ code: 2, index: 0 }] });
  Object.defineProperty(error, 'hasErrorLabel', { value: () => false });
  return error;
}

describe('the errors of the driver', () => {
  it('are all decided', () => {
    expect(Object.keys(decided).toSorted()).toEqual([...classes.keys()].toSorted());
  });

  it.each(Object.entries(decided))('%s means: %s', (name, meaning) => {
    expect(isStoreTrouble(anErrorOf(name))).toBe(meaning === 'again');
  });

  it('may be errors of mongoose', () => {
    expect(isStoreTrouble(new mongoose.Error.MongooseServerSelectionError('none'))).toBe(true);
    expect(isStoreTrouble(new mongoose.Error('wrong'))).toBe(false);
  });
});
