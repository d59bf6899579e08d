import { WidgetsApp } from '../test/widgets-app';

let app: WidgetsApp;

beforeAll(async () => {
  app = await WidgetsApp.create();
});

afterAll(() => app.close());

describe('the profiles', () => {
  it('are linked from a document of their own', async () => {
    expect((await app.ask('GET', '/profile')).json).toEqual({
      _links: { self: { href: 'http://h/profile' }, widgets: { href: 'http://h/profile/widgets' } },
    });
    expect((await app.ask('OPTIONS', '/profile/widgets')).headers['allow']).toBe('GET');
  });

  it('are ALPS: the members, and what can be done', async () => {
    const { headers, json, text } = await app.ask('GET', '/profile/widgets', { 'x-forwarded-prefix': '/a' });
    expect(headers['content-type']).toBe('application/alps+json');
    expect(text.startsWith('{\n  "alps" : {')).toBe(true);
    const { alps } = json as { alps: { version: string; descriptor: { id: string; descriptor: object[] }[] } };
    expect(alps.version).toBe('1.0');
    expect(alps.descriptor[0]).toEqual({
      id: 'widget-representation',
      href: 'http://h/a/profile/widgets',
      descriptor: ['name', 'sizes', 'part', 'spareParts'].map((name) => ({ name, type: 'SEMANTIC' })),
    });
    expect(alps.descriptor.slice(1).map(({ id }) => id)).toEqual([
      'create-widgets',
      'get-widgets',
      'update-widget',
      'delete-widget',
      'get-widget',
      'patch-widget',
    ]);
    expect(alps.descriptor[2]).toMatchObject({
      type: 'SAFE',
      descriptor: [{ name: 'page' }, { name: 'size' }, { name: 'sort' }],
      rt: '#widget-representation',
    });
  });

  it('are JSON Schema for who asks for it', async () => {
    const { headers, json } = await app.ask('GET', '/profile/widgets', { accept: 'application/schema+json' });
    expect(headers['content-type']).toBe('application/schema+json');
    const simple = (title: string, type: string) => ({ title, readOnly: false, type });
    expect(json).toEqual({
      title: 'Widget',
      properties: {
        name: simple('Name', 'string'),
        sizes: { ...simple('Sizes', 'array'), items: { type: 'integer' } },
        part: { ...simple('Part', 'object'), $ref: '#/definitions/part' },
        spareParts: { ...simple('Spare parts', 'array'), items: { $ref: '#/definitions/part' } },
      },
      definitions: {
        part: {
          type: 'object',
          properties: {
            kind: { ...simple('Kind', 'string'), enum: ['NUT', 'BOLT'] },
            mainUse: simple('Main use', 'string'),
          },
        },
      },
      type: 'object',
      $schema: 'http://json-schema.org/draft-04/schema#',
    });
  });

  it.each([
    ['application/json', 'application/json'],
    ['*/*', 'application/alps+json'],
    ['application/hal+json', 'application/alps+json'],
    ['application/xml', 'application/alps+json'],
    ['application/schema+json, */*;q=0.1', 'application/schema+json'],
  ])('for Accept %s are sent as %s', async (accept, type) => {
    expect((await app.ask('GET', '/profile/widgets', { accept })).headers['content-type']).toBe(type);
  });
});
