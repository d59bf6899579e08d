import mongoose, { mongo } from 'mongoose';
import { StoreUnavailable } from './failures';

const DUPLICATE_KEY = 11000;

/**
 * Server codes that say "not now" rather than "no": not primary, stepping down, shutting down, time limits, no rights just
 * now. From the driver's specification of retryable errors (MongoDB specifications, retryable-writes and retryable-reads).
 */
const TRANSIENT_CODES = new Set<unknown>([
  6, 7, 13, 18, 24, 46, 50, 64, 89, 91, 100, 112, 133, 134, 189, 202, 262, 317, 358, 384, 433, 462, 9001, 10107, 11600,
  11602, 13435, 13436, 14031,
]);
const MISUSE = [
  mongo.MongoInvalidArgumentError,
  mongo.MongoParseError,
  mongo.MongoTransactionError,
  mongo.MongoBatchReExecutionError,
  mongo.MongoCursorInUseError,
  mongo.MongoCursorExhaustedError,
  mongo.MongoTailableCursorError,
  mongo.MongoChangeStreamError,
  mongo.MongoGridFSStreamError,
  mongo.MongoGridFSChunkError,
  mongo.MongoClientBulkWriteCursorError,
  mongo.MongoClientBulkWriteExecutionError,
];
const BROKEN_SOCKET = new Set<unknown>(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);
const TRANSIENT_LABELS = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError'];

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/** Trouble with the store itself: the same operation may succeed later. */
export function isStoreTrouble(error: unknown): boolean {
  if (error instanceof mongo.MongoBulkWriteError) return isBulkTrouble(error);
  if (error instanceof mongo.MongoWriteConcernError) return true;
  if (error instanceof mongo.MongoServerError) return isNotNow(error);
  if (isMisuse(error)) return false;
  return (
    isBrokenSocket(error) ||
    error instanceof StoreUnavailable ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoSystemError ||
    error instanceof mongo.MongoDriverError
  );
}

/**
 * The operation itself is wrong, and would be at any server. What is wrong with the connection, the credentials or the installation is no fault of
 * the operation, and an event must not be set aside for it.
 */
function isMisuse(error: unknown): boolean {
  return MISUSE.some((type) => error instanceof type);
}

/** The operation certainly never reached a server; of a bulk write: no part of it. */
export function neverSent(error: unknown): boolean {
  if (error instanceof mongo.MongoBulkWriteError) {
    const { insertedCount, matchedCount, errorResponse } = error;
    return insertedCount + matchedCount === 0 && errorResponse instanceof Error && neverSent(errorResponse);
  }
  return (
    error instanceof StoreUnavailable ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoClientClosedError
  );
}

/**
 * The positions that a bulk write refused as duplicate keys, all others being written; undefined when anything else happened:
 * the driver reports a broken connection as a bulk error too, one that names no operation.
 */
export function duplicatesIn(error: unknown): number[] | undefined {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) return undefined;
  const errors = writeErrorsOf(error);
  const areAll = errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY);
  return areAll ? errors.map(({ index }) => index) : undefined;
}

/** The same; throws what else happened, as StoreUnavailable if it may be over later. */
export function refusedAsDuplicates(error: unknown): number[] {
  const refused = duplicatesIn(error);
  if (refused) return refused;
  throw isStoreTrouble(error) ? new StoreUnavailable(error) : error;
}

/** Runs an operation on the store, turning trouble with the store into StoreUnavailable. */
export async function translated<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (isStoreTrouble(error) && !(error instanceof StoreUnavailable)) throw new StoreUnavailable(error);
    throw error;
  }
}

function isBulkTrouble(error: mongo.MongoBulkWriteError): boolean {
  if (error.result.getWriteConcernError()) return true;
  const errors = writeErrorsOf(error);
  if (errors.length > 0) return errors.some(({ code }) => TRANSIENT_CODES.has(code));
  // the command as a whole: the driver wraps an error of its own, what the server said to it, or a write concern error
  const wrapped: unknown = error.errorResponse;
  if (wrapped instanceof Error) return isStoreTrouble(wrapped);
  const isAnswer = typeof wrapped === 'object' && wrapped !== null && 'ok' in wrapped;
  return !isAnswer || isNotNow(error);
}

function isNotNow(error: mongo.MongoServerError): boolean {
  return TRANSIENT_CODES.has(error.code) || TRANSIENT_LABELS.some((label) => error.hasErrorLabel(label));
}

function writeErrorsOf({ writeErrors }: mongo.MongoBulkWriteError): readonly mongo.WriteError[] {
  return [writeErrors].flat();
}

/** The driver lets what a socket throws at a write pass as it is, where the server has just closed it. */
function isBrokenSocket(error: unknown): boolean {
  return error instanceof Error && BROKEN_SOCKET.has((error as NodeJS.ErrnoException).code);
}
