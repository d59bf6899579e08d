import { problemHtml } from './problems';
import { Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { lastValueFrom, type Observable } from 'rxjs';
import { any, json, type Method, problems, WidgetsApp } from '../test/widgets-app';
import { FailureFilter, ProblemDetailsFilter } from './failure-filter';

let app: WidgetsApp;

beforeAll(async () => {
  app = await WidgetsApp.create();
});

afterAll(() => app.close());

describe('an error', () => {
  it.each<[string, Method, string, unknown, number]>([
    ['malformed JSON', 'POST', '/widgets', '{"name":', 400],
    ['no body', 'POST', '/widgets', '', 400],
    ['a wrong field', 'POST', '/widgets', { name: 1 }, 400],
    ['a body that is no object', 'POST', '/widgets', '[1]', 400],
    ['a prototype in the body', 'POST', '/widgets', '{"__proto__":{"x":1},"name":"x"}', 400],
    ['a body over the limit', 'POST', '/widgets', { name: 'x'.repeat(2000) }, 413],
    ['a path that is no URL', 'GET', '/widgets/%zz', undefined, 400],
  ])('for %s is {cause, message}, or problem details', async (...[, method, path, body, status]) => {
    const recorded = await app.ask(method, path, json, body);
    expect([recorded.status, recorded.headers['content-type']]).toEqual([status, 'application/json']);
    expect(recorded.json).toMatchObject({ message: expect.stringMatching(/./) });
    expect(recorded.json).toHaveProperty('cause');
    const problem = await app.ask(method, path, problems, body);
    const kind = status === 413 ? 'too-large' : 'invalid';
    expect([problem.status, problem.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect(problem.json).toMatchObject({ type: `/problems/${kind}`, status, detail: expect.stringMatching(/./) });
  });

  it('leads to a page about its kind, also behind a prefix', async () => {
    const front = { ...problems, 'x-forwarded-prefix': '/shop' };
    const { json: document } = await app.ask('GET', '/nowhere/at-all?a=b', front);
    expect(document).toMatchObject({ type: '/shop/problems/not-found', instance: '/shop/nowhere/at-all' });
    const { status, headers, text } = await app.ask('GET', '/problems/not-found');
    expect([status, headers['content-type']]).toEqual([200, 'text/markdown;charset=UTF-8']);
    expect(text).toMatch(/^# Not Found \(not-found\)\n/);
    const none = await app.ask('GET', '/problems/none');
    expect([none.status, none.headers['content-type'], none.json]).toMatchObject([
      404,
      'application/problem+json',
      { type: '/problems/not-found', detail: expect.stringContaining('The kinds are invalid, ') },
    ]);
  });

  it('has a page for people who open its type in a browser', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const { status, headers, text } = await app.ask('GET', '/problems/conflict', { accept });
    expect([status, headers['content-type'], headers.vary]).toEqual([200, 'text/html;charset=UTF-8', 'Accept']);
    expect(text).toContain('<h1>Conflict (conflict)</h1><p>Status 409.</p>');
    expect(text).toContain('<code>Retry-After</code>');
    expect(text).not.toMatch(/<script|<style|style=|`/);
    expect((await app.ask('GET', '/problems/conflict', { accept: '*/*' })).text).toMatch(/^# Conflict/);
    expect(problemHtml({ kind: 'a', status: 400, text: '<img src="x" onerror=\'y\'> & `<b>`' })).toContain(
      '<p>&#60;img src=&#34;x&#34; onerror=&#39;y&#39;&#62; &#38; <code>&#60;b&#62;</code></p>',
    );
  });

  it('names the fields', async () => {
    const errors = [
      { field: 'name', message: expect.any(String) },
      { field: 'sizes[1]', message: expect.any(String) },
    ];
    const sent = { sizes: [1, 'x'] };
    expect((await app.ask('POST', '/widgets', json, sent)).json).toMatchObject({ errors });
    expect((await app.ask('POST', '/widgets', problems, sent)).json).toMatchObject({ errors });
  });

  it('for a type nobody reads is 415', async () => {
    const { status, json: document } = await app.ask(
      'POST',
      '/widgets',
      { 'content-type': 'text/plain' },
      '{"name":"x"}',
    );
    expect([status, document]).toEqual([415, { cause: null, message: 'Unsupported Media Type' }]);
  });

  it('for an unknown id is 404 without a body', async () => {
    expect(await app.ask('GET', '/widgets/unknown')).toMatchObject({ status: 404, text: '' });
    expect((await app.ask('GET', '/widgets/unknown', problems)).json).toMatchObject({
      status: 404,
      detail: 'There is no such widget.',
    });
  });

  it.each<[Method, string]>([
    ['GET', '/nope'],
    ['POST', '/nope'],
    ['OPTIONS', '/nope'],
  ])("for %s %s is Spring Boot's 404", async (method, path) => {
    const {
      status,
      headers,
      json: document,
    } = await app.ask(method, path, json, method === 'OPTIONS' ? undefined : '{}');
    expect([status, headers['content-type']]).toEqual([404, 'application/json']);
    expect(document).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
      status: 404,
      error: 'Not Found',
      message: '',
      path,
    });
  });

  it.each<[Method, string, string]>([
    ['POST', '/widgets/summary', 'GET'],
    ['PUT', '/widgets/sample', 'GET'],
  ])("for %s %s is Spring Boot's 405 with Allow %s", async (method, path, allow) => {
    const {
      status,
      headers,
      json: document,
    } = await app.ask(method, path, json, method === 'GET' ? undefined : { name: 'x' });
    expect([status, headers['allow']]).toEqual([405, allow]);
    expect(document).toMatchObject({ status: 405, error: 'Method Not Allowed', path });
  });

  it.each<[Method, string, string]>([
    ['PUT', '/widgets', 'GET,HEAD,POST,OPTIONS'],
    ['DELETE', '/widgets', 'GET,HEAD,POST,OPTIONS'],
    ['POST', '/widgets/7', 'GET,HEAD,PUT,PATCH,DELETE,OPTIONS'],
  ])('for %s %s is 405 without a body, with Allow %s', async (method, path, allow) => {
    const { status, headers, text } = await app.ask(method, path, any, {});
    expect([status, headers['allow'], headers['content-type'], text]).toEqual([405, allow, undefined, '']);
    expect((await app.ask(method, path, problems, {})).json).toMatchObject({ status: 405 });
  });

  it.each<[Method, string]>([
    ['GET', '/widgets/7/name'],
    ['GET', '/widgets/7/zzz/zzz'],
    ['OPTIONS', '/widgets/search'],
    ['GET', '/profile/zzz'],
  ])('for %s %s, which is nothing of a resource, is 404 without a body', async (method, path) => {
    const { status, headers, text } = await app.ask(method, path, any);
    expect([status, headers['content-type'], text]).toEqual([404, undefined, '']);
  });

  it('is a page for a browser', async () => {
    const { status, headers, text } = await app.ask('GET', '/nope', { accept: 'text/html,*/*;q=0.8' });
    expect([status, headers['content-type']]).toEqual([404, 'text/html;charset=UTF-8']);
    expect(text).toContain('<h1>404 Not Found</h1>');
  });

  it('for a method that a resource of ours does not have is problem details', async () => {
    const { status, headers, json: document } = await app.ask('GET', '/widgets/7/paint');
    expect([status, headers['allow'], headers['content-type']]).toEqual([
      405,
      'POST,OPTIONS',
      'application/problem+json',
    ]);
    expect(document).toMatchObject({ status: 405, title: 'Method Not Allowed' });
  });

  it('of a command is problem details with what the failure tells, whatever Accept says', async () => {
    const { status, headers, json: document } = await app.ask('POST', '/widgets/busy/paint', any);
    expect([status, headers['content-type']]).toEqual([409, 'application/problem+json']);
    expect(document).toEqual({
      type: '/problems/conflict',
      title: 'Conflict',
      status: 409,
      detail: 'It is busy.',
      instance: '/widgets/busy/paint',
      from: 'CREATED',
    });
    expect((await app.ask('POST', '/widgets/wrong/paint', any)).json).toMatchObject({
      status: 400,
      errors: [{ field: 'a.b', message: 'is wrong' }],
    });
  });

  it.each<[string, Record<string, string>, unknown, number]>([
    ['malformed JSON', any, '{', 400],
    ['a wrong field', any, {}, 400],
    ['a body over the limit', any, { name: 'x'.repeat(2000) }, 413],
    ['an Accept that nobody meets', { ...json, accept: 'text/html' }, { name: 'x' }, 406],
  ])('for %s is problem details where the resource is ours', async (...[, headers, body, status]) => {
    const answer = await app.ask('POST', '/widgets/7/parts', headers, body);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect(answer.json).toMatchObject({ status, detail: expect.stringMatching(/./) });
  });

  it('tells little of what it is about, however much that is', async () => {
    const long = 'x'.repeat(3_000);
    const answers = [
      await app.ask('GET', `/nowhere/${long}`, problems),
      await app.ask('GET', `/nowhere/${long}`),
      await app.ask('POST', `/widgets/${long}/paint`, any),
    ];
    for (const { status, text } of answers) {
      expect([status >= 400, text.length < 1_000, text.includes('x'.repeat(101))]).toEqual([true, true, false]);
    }
  });

  it.each([
    [`/widgets/${'x'.repeat(600)}`, 414, 'A segment of the path is too long.'],
    [`/widgets/${'x'.repeat(600)}%zz`, 400, 'The path is not a valid URL.'],
  ])('says why %s is refused', async (path, status, message) => {
    const refused = await app.ask('GET', path, problems);
    expect([refused.status, refused.json]).toEqual([status, expect.objectContaining({ detail: message })]);
    expect((await app.ask('GET', path)).json).toMatchObject({ message });
  });

  it('is 414 for a path and a query of more than 4,096 characters', async () => {
    const padded = (length: number) => `/widgets?q=${'x'.repeat(length - '/widgets?q='.length)}`;
    expect((await app.ask('GET', padded(4_096))).status).toBe(200);
    expect(await app.ask('GET', padded(4_097), problems)).toMatchObject({
      status: 414,
      json: { instance: '/widgets' },
    });
  });

  it('of a path with thousands of segments is found in linear time', async () => {
    expect((await app.ask('GET', `/widgets${'/a'.repeat(2_000)}`)).status).toBe(404);
  });

  it('nobody meant is 500, said in the log and to nobody else', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const { status, text } = await app.ask('GET', '/widgets/broken');
    expect([status, text.includes('secret')]).toEqual([500, false]);
    expect(logged.mock.calls).toEqual([[expect.objectContaining({ message: 'a secret', stack: expect.any(String) })]]);
    logged.mockRestore();
  });
});

describe('outside HTTP', () => {
  it.each([[new FailureFilter()], [new ProblemDetailsFilter()]])('the error is handed on as it is', async (filter) => {
    const host = new ExecutionContextHost([]);
    host.setType('rpc');
    const error = new TypeError('from a handler');
    const { catch: handOn } = filter;
    await expect(lastValueFrom(handOn.call(filter, error, host) as Observable<never>)).rejects.toBe(error);
  });
});
