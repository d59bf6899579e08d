import { z } from 'zod';
import { InvalidRequest } from './invalid-request';
import { schemaPipe } from './schema-pipe';

const Customer = z.object({
  name: z.string(),
  note: z.string().nullable().default(null),
  addresses: z.array(z.object({ city: z.string() })),
});

async function check(value: unknown): Promise<unknown> {
  return schemaPipe(Customer).transform(value, { type: 'body' });
}

async function errorsOf(value: unknown): Promise<unknown> {
  return check(value).then(
    () => [],
    (error: unknown) => (error instanceof InvalidRequest ? error.errors : error),
  );
}

describe('a body', () => {
  it('is handed on as the schema has it: defaults filled in, unknown fields gone', async () => {
    const body = { name: 'Ada', addresses: [{ city: 'London', zzz: 1 }], bogus: true };
    expect(await check(body)).toEqual({ name: 'Ada', note: null, addresses: [{ city: 'London' }] });
  });

  it('is refused with the path of every field that is wrong', async () => {
    expect(await errorsOf({ name: 5, addresses: [{ city: 'x' }, {}] })).toMatchObject([
      { field: 'name', message: expect.stringMatching(/expected string, received number/) },
      { field: 'addresses[1].city', message: expect.stringMatching(/expected string/) },
    ]);
  });

  it('is refused when there is none', async () => {
    expect(await errorsOf(undefined)).toMatchObject([{ field: '', message: expect.stringMatching(/expected object/) }]);
  });

  it('is refused with the first 50 faults only', async () => {
    const errors = await errorsOf({ name: 'Ada', addresses: Array.from({ length: 200 }, () => ({})) });
    expect(errors).toHaveLength(50);
  });
});

describe('the message of a refusal', () => {
  it('names the first faults and counts the others', () => {
    const errors = ['a', 'b', 'c', 'd', 'e'].map((field) => ({ field, message: 'is wrong' }));
    expect(new InvalidRequest(errors).message).toBe('a: is wrong; b: is wrong; c: is wrong; and 2 more');
  });
});
