import { any, type Method, WidgetsApp } from '../test/widgets-app';

let app: WidgetsApp;

beforeAll(async () => {
  app = await WidgetsApp.create();
});

afterAll(() => app.close());

describe('a write', () => {
  const body = { name: 'x' };

  it.each<[Method, string, unknown, number, number, string | undefined]>([
    ['POST', '/widgets', body, 201, 201, 'http://h/widgets/9'],
    ['PUT', '/widgets/7', body, 200, 204, 'http://h/widgets/7'],
    ['PUT', '/widgets/new', body, 201, 201, 'http://h/widgets/new'],
    ['PATCH', '/widgets/7', body, 200, 204, undefined],
    ['DELETE', '/widgets/7', undefined, 204, 204, undefined],
  ])(
    '%s %s answers with what was written to who wants it',
    async (...[method, path, sent, withAccept, without, location]) => {
      const wanted = await app.ask(method, path, any, sent);
      expect([wanted.status, wanted.headers['location'], wanted.text !== '']).toEqual([
        withAccept,
        location,
        withAccept !== 204,
      ]);
      const unwanted = await app.ask(method, path, { accept: '' }, sent);
      expect([unwanted.status, unwanted.headers['location'], unwanted.text]).toEqual([without, location, '']);
    },
  );

  it('gets what the schema makes of the body', async () => {
    const { json: document } = await app.ask('POST', '/widgets', any, { name: 'x', bogus: 1 });
    expect(document).toMatchObject({ name: 'x', sizes: [] });
    expect(document).not.toHaveProperty('bogus');
  });

  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'application/hal+json',
    'application/merge-patch+json',
    '',
  ])('takes JSON as "%s"', async (type) => {
    expect((await app.ask('PATCH', '/widgets/7', { 'content-type': type, accept: '*/*' }, body)).json).toMatchObject({
      patch: body,
    });
  });

  it('of another version is 412, empty, with the tag that did not match', async () => {
    const refused = await app.ask('PUT', '/widgets/7', { ...any, 'if-match': '"42"' }, body);
    expect([refused.status, refused.text, refused.headers['etag']]).toEqual([412, '', '"42"']);
    expect((await app.ask('PUT', '/widgets/7', { ...any, 'if-match': '"3"' }, body)).status).toBe(200);
  });

  it('of a resource of ours answers with it always', async () => {
    for (const headers of [any, { accept: '' }]) {
      const answer = await app.ask('POST', '/widgets/7/parts', headers, body);
      expect([answer.status, answer.headers['location']]).toEqual([201, 'http://h/widgets/7-part']);
      expect(answer.json).toMatchObject(body);
    }
  });

  it('by a command answers 200 with the item', async () => {
    expect(await app.ask('POST', '/widgets/7/paint', any)).toMatchObject({ status: 200, json: { name: '7' } });
  });
});
