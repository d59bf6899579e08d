import type { FastifyRequest } from 'fastify';
import { requestBase, requestUrl } from './request-base';

function request(headers: Record<string, string>, originalUrl = '/'): FastifyRequest {
  // as Fastify does: the connection's address, then what trusted proxies say of theirs
  const ips = ['127.0.0.1', ...(headers['x-forwarded-for'] ?? '').split(',').toReversed()];
  const raw = { socket: { localPort: 8085 } };
  return {
    raw,
    headers: { host: '127.0.0.1:8085', ...headers },
    originalUrl,
    ips,
  } as unknown as FastifyRequest;
}

describe('the base of links', () => {
  it.each<[string, Record<string, string>, string]>([
    ['what arrived', {}, 'http://127.0.0.1:8085'],
    ['the forwarded host', { 'x-forwarded-host': 'shop.example' }, 'http://shop.example'],
    [
      'the first of several proxies',
      {
        'x-forwarded-for': '203.0.113.9, 10.0.0.1',
        'x-forwarded-host': 'shop.example, inner',
        'x-forwarded-proto': 'https,http',
      },
      'https://shop.example',
    ],
    [
      'nothing that the client has written in front of it',
      { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example, shop.example' },
      'http://shop.example',
    ],
    [
      'a forwarded port',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-port': '8443' },
      'http://shop.example:8443',
    ],
    [
      'no default port',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      'https://shop.example',
    ],
    [
      'one port where two were given',
      { 'x-forwarded-host': 'shop.example:1', 'x-forwarded-port': '2' },
      'http://shop.example:2',
    ],
    ['a prefix', { 'x-forwarded-prefix': '/accounts/' }, 'http://127.0.0.1:8085/accounts'],
    ['nested prefixes', { 'x-forwarded-prefix': '/shop, /accounts' }, 'http://127.0.0.1:8085/shop/accounts'],
    ['an IPv6 host', { 'x-forwarded-host': '[::1]:80' }, 'http://[::1]'],
    ['the port where it came in, without a host', { host: '' }, 'http://localhost:8085'],
    ['the port where it came in, where the host is none', { host: 'a"b:1' }, 'http://localhost:8085'],
    ['a host without a port, for what it says', { host: 'shop.example' }, 'http://shop.example'],
    [
      'the scheme and the host that arrived, where a proxy told one',
      { 'x-forwarded-proto': 'https' },
      'https://127.0.0.1:8085',
    ],
    [
      'all that a proxy says, also where it does not say for whom',
      {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'shop.example',
        'x-forwarded-port': '8443',
        'x-forwarded-prefix': '/shop',
      },
      'https://shop.example:8443/shop',
    ],
    ...(
      [
        ['x-forwarded-host', 'evil"><b>'],
        ['x-forwarded-port', '99999'],
        ['x-forwarded-port', 'x'],
        ['x-forwarded-proto', 'javascript'],
      ] as const
    ).map(([name, value]): [string, Record<string, string>, string] => [
      `nothing that a proxy says whose ${name} is ${value}`,
      {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'shop.example',
        'x-forwarded-port': '8443',
        'x-forwarded-prefix': '/shop',
        [name]: value,
      },
      'http://127.0.0.1:8085',
    ]),
    ['no host that is none', { 'x-forwarded-host': 'evil"><b>' }, 'http://127.0.0.1:8085'],
    ['no scheme that is none', { 'x-forwarded-proto': 'javascript' }, 'http://127.0.0.1:8085'],
    ['no prefix that leads elsewhere', { 'x-forwarded-prefix': '//evil.example"' }, 'http://127.0.0.1:8085'],
  ])('is %s', (_, headers, expected) => {
    expect(requestBase(request(headers))).toBe(expected);
  });
});

describe('the URL of a request', () => {
  it('has path and query as sent, without duplicate slashes', () => {
    expect(requestUrl(request({ 'x-forwarded-prefix': '/a' }, '//customers//7?q=a//b?c'))).toBe(
      'http://127.0.0.1:8085/a/customers/7?q=a//b?c',
    );
  });
});
