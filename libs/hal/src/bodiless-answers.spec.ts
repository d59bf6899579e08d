import { type Method, WidgetsApp } from '../test/widgets-app';

let app: WidgetsApp;

beforeAll(async () => {
  app = await WidgetsApp.create();
});

afterAll(() => app.close());

describe('an answer that never has a body', () => {
  it.each<[number, Method, string, Record<string, string>]>([
    [204, 'HEAD', '/', {}],
    [204, 'HEAD', '/widgets', {}],
    [204, 'HEAD', '/widgets/7', {}],
    [204, 'DELETE', '/widgets/7', {}],
    [304, 'GET', '/widgets/7', { 'if-none-match': '"3"' }],
    [304, 'HEAD', '/widgets/7', { 'if-none-match': '"3"' }],
  ])('tells no length: %i to %s %s', async (status, method, path, headers) => {
    const answer = await app.ask(method, path, headers);
    expect([answer.status, answer.text]).toEqual([status, '']);
    expect(answer.headers).not.toHaveProperty('content-length');
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
  });
});

it('another one without a body tells 0', async () => {
  const { status, headers } = await app.ask('GET', '/widgets/unknown');
  expect([status, headers['content-length']]).toEqual([404, '0']);
});
