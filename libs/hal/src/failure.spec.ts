import {
  ConflictException,
  NotFoundException,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { failureOf } from './failure';

class Meant extends Error {
  constructor(
    readonly kind: string,
    readonly more: object = {},
  ) {
    super('said on purpose');
    Object.assign(this, more);
  }
}

class PoolClearedOnNetworkError extends Error {
  override readonly name = 'PoolClearedOnNetworkError';
}

describe('a failure', () => {
  it.each([
    ['invalid', 400],
    ['not-found', 404],
    ['conflict', 409],
    ['precondition-failed', 412],
    ['too-large', 413],
    ['unprocessable', 422],
    ['unavailable', 503],
  ])('of kind %s is %i', (kind, status) => {
    expect(failureOf(new Meant(kind))).toMatchObject({ status, message: 'said on purpose', isUnexpected: false });
  });

  it('says when to come back: as it says itself, else after a second when something is unavailable', () => {
    expect(failureOf(new Meant('not-found', { retryAfterSeconds: 3 }))).toMatchObject({ retryAfterSeconds: 3 });
    expect(failureOf(new Meant('unavailable'))).toMatchObject({ retryAfterSeconds: 1 });
    expect(failureOf(new Meant('conflict'))).not.toHaveProperty('retryAfterSeconds');
  });

  it('of the store is 503 where the service says that it may be over later, else 500', () => {
    const error = new PoolClearedOnNetworkError('mongodb://user:secret@host');
    expect(failureOf(error, (each) => each === error)).toMatchObject({
      status: 503,
      message: 'The store is not available.',
      retryAfterSeconds: 1,
      isUnexpected: false,
    });
    expect(failureOf(error, () => false)).toMatchObject({ status: 500, isUnexpected: true });
    expect(failureOf(error)).toMatchObject({ status: 500, isUnexpected: true });
  });

  it('of the framework keeps its status', () => {
    expect(failureOf(new ConflictException('taken'))).toMatchObject({
      status: 409,
      message: 'taken',
      isAboutRouting: false,
    });
    expect(failureOf(new NotFoundException())).toMatchObject({ status: 404, isAboutRouting: true });
    expect(failureOf(new UnauthorizedException())).toMatchObject({ status: 401, isAboutRouting: true });
    expect(failureOf(new ServiceUnavailableException())).toMatchObject({ status: 503, retryAfterSeconds: 1 });
  });

  it('of a client that left before it had sent everything is its own', () => {
    // as Node and Fastify make it
    const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 });
    expect(failureOf(aborted)).toMatchObject({ status: 400, isUnexpected: false });
    expect(failureOf(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))).toMatchObject({ status: 500 });
  });

  it.each([[new TypeError('secret')], [new Meant('nonsense')], ['text'], [undefined], [{ kind: 'invalid' }]])(
    'nobody meant is 500 and tells nothing: %p',
    (error) => {
      const failure = failureOf(error);
      expect(failure).toMatchObject({ status: 500, isUnexpected: true });
      expect(failure.message).not.toMatch(/secret|purpose/);
    },
  );
});
