import { mongo } from 'mongoose';
import { loggedError } from './logged-error';

const document = { _id: 'ada', creditCards: [{ nameOnCard: 'Ada Byron' }] };

describe('an error in the log', () => {
  it('has name, message, code and stack', () => {
    const logged = loggedError(Object.assign(new TypeError('no such thing'), { code: 'E_NONE', document }));
    expect(logged).toEqual({
      type: 'TypeError',
      message: 'no such thing',
      code: 'E_NONE',
      stack: expect.stringMatching(/^TypeError: no such thing\n    at .*logged-error\.spec/),
    });
  });

  it.each<[string, Error]>([
    [
      'a refused bulk write',
      new mongo.MongoBulkWriteError(
        {
          message: 'E11000 duplicate key error dup key: { name: "Ada Byron" }',
          code: 11000,
          writeErrors: [{ op: document }],
        } as never,
        { insertedDocs: [document] } as never,
      ),
    ],
    [
      'a refused write',
      new mongo.MongoServerError({
        errmsg: 'E11000 duplicate key error collection: a.b index: name dup key: { name: "Ada Byron" }',
        code: 11000,
        keyValue: { name: 'Ada Byron' },
        errInfo: { details: document },
      }),
    ],
    ['an error beneath another', new Error('over', { cause: Object.assign(new Error('under'), { document }) })],
  ])('has no document of %s', (_, error) => {
    const text = JSON.stringify(loggedError(error));
    expect(text).not.toContain('Byron');
    expect(text).toMatch(/E11000 duplicate key|under/);
  });

  it('says what caused it, four steps down, and knows a circle', () => {
    const errors = Array.from({ length: 9 }, (_, index) => new Error(`step ${index}`));
    for (const [index, error] of errors.entries()) error.cause = errors[index + 1];
    const { stack } = loggedError(errors[0]);
    expect(stack.match(/caused by Error: step \d/g)).toEqual(
      [1, 2, 3, 4].map((step) => `caused by Error: step ${step}`),
    );
    const circle = new Error('round');
    circle.cause = circle;
    expect(loggedError(circle).stack).not.toContain('caused by');
  });

  it('is cut: message, name, code and stack', () => {
    const long = 'x'.repeat(1_000_000);
    const error = Object.assign(new Error(long, { cause: new Error(long) }), { name: long, code: long });
    error.stack = `${long}: ${long}\n${'    at x\n'.repeat(100_000)}`;
    expect(JSON.stringify(loggedError(error)).length).toBeLessThan(8_000);
  });

  it.each([
    ['text', 'NoError'],
    [5, 'NoError'],
    [{ document }, 'NoError'],
    [null, 'NoError'],
    [undefined, 'NoError'],
  ])('may be no error: %j', (thrown, type) => {
    expect(loggedError(thrown)).toMatchObject({ type });
    expect(JSON.stringify(loggedError(thrown))).not.toContain('Byron');
  });
});
