import { mongo } from 'mongoose';
import { StoreUnavailable } from './failures';

const DUPLICATE_KEY = 11000;

/**
 * Server codes that say "not now" rather than "no": not primary, stepping down, shutting down, time limits. From the
 * driver's specification of retryable errors (MongoDB specifications, retryable-writes and retryable-reads).
 */
const TRANSIENT_CODES = new Set([
  6, 7, 50, 64, 89, 91, 189, 202, 262, 317, 358, 384, 9001, 10107, 11600, 11602, 13435, 13436,
]);

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/** Trouble with the store itself: the same operation may succeed later. */
export function isStoreTrouble(error: unknown): boolean {
  return (
    error instanceof StoreUnavailable ||
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoSystemError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoClientClosedError ||
    error instanceof mongo.MongoExpiredSessionError ||
    error instanceof mongo.MongoOperationTimeoutError ||
    error instanceof mongo.MongoWriteConcernError ||
    (error instanceof mongo.MongoServerError && TRANSIENT_CODES.has(Number(error.code)))
  );
}

/** The operation certainly never reached a server. */
export function neverSent(error: unknown): boolean {
  return (
    error instanceof StoreUnavailable ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoClientClosedError
  );
}
