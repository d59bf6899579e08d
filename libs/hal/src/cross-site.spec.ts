import { isCrossSite } from './cross-site';

/** As it comes to the host, from a page or not. */
function asked(host: string, headers: Record<string, string>) {
  return { headers: { host, ...headers } };
}

describe('a request from a page', () => {
  it.each<[string, Record<string, string>]>([
    ['of the same host', { origin: 'http://shop.example' }],
    ['of the same host with TLS', { origin: 'https://shop.example' }],
    ['of the host that a proxy reports', { origin: 'https://front.example', 'x-forwarded-host': 'front.example' }],
    [
      'of the port that a proxy reports',
      { origin: 'https://front.example:8443', 'x-forwarded-host': 'front.example', 'x-forwarded-port': '8443' },
    ],
    [
      'with TLS, of which the proxy does not know',
      { origin: 'https://front.example', 'x-forwarded-host': 'front.example', 'x-forwarded-port': '80' },
    ],
    ['of which the browser says so', { origin: 'https://other.name', 'sec-fetch-site': 'same-origin' }],
    ['that is none: an address that was typed', { 'sec-fetch-site': 'none' }],
    ['that is none: another program', {}],
  ])('is not cross-site: %s', (_, headers) => {
    expect(isCrossSite(asked('shop.example', headers))).toBe(false);
  });

  it.each<[string, Record<string, string>]>([
    ['of another host', { origin: 'http://evil.example' }],
    ['of a host that begins like ours', { origin: 'http://shop.example.evil.example' }],
    ['of another port', { origin: 'http://shop.example:8081' }],
    ['of no origin', { origin: 'null' }],
    ['of an origin that is none', { origin: 'shop.example' }],
    ['of a file', { origin: 'file://' }],
    ['of another site, the browser says', { 'sec-fetch-site': 'cross-site' }],
    [
      'of another site, the browser says, whatever the origin',
      { origin: 'http://shop.example', 'sec-fetch-site': 'cross-site' },
    ],
    ['of a sibling, the browser says', { 'sec-fetch-site': 'same-site' }],
  ])('is cross-site: %s', (_, headers) => {
    expect(isCrossSite(asked('shop.example', headers))).toBe(true);
  });

  it('is judged by the host with its port', () => {
    const isCross = (host: string, origin: string) => isCrossSite(asked(host, { origin }));
    expect(isCross('127.0.0.1:8080', 'http://127.0.0.1:8080')).toBe(false);
    expect(isCross('127.0.0.1:8080', 'http://127.0.0.1:9090')).toBe(true);
    expect(isCross('[::1]:8080', 'http://[::1]:8080')).toBe(false);
  });
});
