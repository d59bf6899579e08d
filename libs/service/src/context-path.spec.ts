import type { IncomingMessage } from 'node:http';
import { withoutContextPath } from './context-path';

function request(url: string, headers: IncomingMessage['headers'] = {}): IncomingMessage {
  return { url, headers } as IncomingMessage;
}

describe('a context path', () => {
  it.each([
    ['/accounts/customers?page=1', '/customers?page=1'],
    ['/accounts', '/'],
    ['/accounts/', '/'],
    ['/accounts?x=y', '/?x=y'],
    ['/accountsx/customers', '/accountsx/customers'],
    ['/customers/accounts', '/customers/accounts'],
  ])('of %s leaves %s', (url, rest) => {
    expect(withoutContextPath(request(url), '/accounts')).toBe(rest);
  });

  it('is part of the links, unless a proxy knows better', () => {
    const asked = [
      request('/accounts/customers'),
      request('/accounts/customers', { 'x-forwarded-prefix': '/shop' }),
      request('/customers'),
    ];
    for (const each of asked) withoutContextPath(each, '/accounts');
    expect(asked.map(({ headers }) => headers['x-forwarded-prefix'])).toEqual(['/accounts', '/shop', undefined]);
  });
});
