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
    expect((await app.ask('PATCH', '/widgets/7', { 'content-type': type, accept: '*/*' }, body)).json).toMatchObject(
      body,
    );
  });

  it('of another version is 412, empty, with the tag that it has', async () => {
    const refused = await app.ask('PUT', '/widgets/7', { ...any, 'if-match': '"42"' }, body);
    expect([refused.status, refused.text, refused.headers['etag']]).toEqual([412, '', '"3"']);
    expect((await app.ask('PUT', '/widgets/7', { ...any, 'if-match': '"42", "3"' }, body)).status).toBe(200);
    expect((await app.ask('PUT', '/widgets/7', { ...any, 'if-match': '"3"' }, body)).status).toBe(200);
  });

  it('wants the item to be there, or not to be, where it says so', async () => {
    const put = async (path: string, headers: object) =>
      (await app.ask('PUT', path, { ...any, ...headers }, body)).status;
    expect(await put('/widgets/7', { 'if-none-match': '*' })).toBe(412);
    expect(await put('/widgets/new', { 'if-none-match': '*' })).toBe(201);
    expect(await put('/widgets/new', { 'if-match': '*' })).toBe(412);
    expect(await put('/widgets/7', { 'if-match': '*' })).toBe(200);
  });

  it.each([
    ['application/json', { sizes: [9] }, { name: '7', sizes: [9] }],
    ['application/merge-patch+json', { name: 'x' }, { name: 'x', sizes: [1, 2] }],
    ['application/json-patch+json', [{ op: 'remove', path: '/sizes/0' }], { name: '7', sizes: [2] }],
    ['Application/JSON-Patch+JSON; charset=utf-8', [{ op: 'add', path: '/sizes/-', value: 3 }], { sizes: [1, 2, 3] }],
  ])('as %s patches', async (type, patch, expected) => {
    const { status, json } = await app.ask('PATCH', '/widgets/7', { ...any, 'content-type': type }, patch);
    expect([status, json]).toMatchObject([200, expected]);
  });

  it('by a patch that cannot be carried out is 400', async () => {
    const patch = [{ op: 'test', path: '/name', value: 'other' }];
    const refused = await app.ask('PATCH', '/widgets/7', { 'content-type': 'application/json-patch+json' }, patch);
    expect([refused.status, refused.json]).toMatchObject([400, { errors: [{ field: '[0]' }] }]);
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

describe('where writes have to name a version', () => {
  let strict: WidgetsApp;

  beforeAll(async () => {
    strict = await WidgetsApp.create({ requireIfMatch: true });
  });

  afterAll(() => strict.close());

  it.each<[Method, Record<string, string>, number]>([
    ['PUT', {}, 428],
    ['PATCH', {}, 428],
    ['DELETE', {}, 428],
    ['PUT', { 'if-match': '"3"' }, 200],
    ['PATCH', { 'if-match': '*' }, 200],
    ['PUT', { 'if-none-match': '*' }, 412],
    ['PATCH', { 'if-none-match': '*' }, 428],
    ['GET', {}, 200],
  ])('%s with %j is %i', async (method, headers, status) => {
    const sent = method === 'GET' || method === 'DELETE' ? undefined : { name: 'x' };
    expect((await strict.ask(method, '/widgets/7', { ...any, ...headers }, sent)).status).toBe(status);
  });

  it('a new item needs none', async () => {
    expect((await strict.ask('POST', '/widgets', any, { name: 'x' })).status).toBe(201);
    expect((await strict.ask('PUT', '/widgets/new', { ...any, 'if-none-match': '*' }, { name: 'x' })).status).toBe(201);
  });
});
