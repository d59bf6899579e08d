import type { IncomingMessage } from 'node:http';
import { dropForgedForwarding, isNetwork, trustedIn } from './trusted-proxies';

describe('trusted proxies', () => {
  it.each([
    [
      'loopback',
      ['127.0.0.1', '127.0.0.6', '::1', '::ffff:127.0.0.1'],
      ['10.0.0.1', '::2', '192.168.0.1', 'made up', ''],
    ],
    ['uniquelocal', ['10.0.0.1', '172.31.255.255', '192.168.9.9', 'fd00::1'], ['127.0.0.1', '172.32.0.1', '8.8.8.8']],
    ['192.0.2.7', ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8']],
    ['192.0.2.0/25', ['192.0.2.127'], ['192.0.2.128']],
    ['2001:db8::/32', ['2001:db8:1::1'], ['2001:db9::1']],
  ])('of %s are %j and not %j', (network, trusted, others) => {
    const isTrusted = trustedIn([network]);
    expect(trusted.filter((address) => !isTrusted(address))).toEqual([]);
    expect(others.filter((address) => isTrusted(address))).toEqual([]);
  });

  it.each(['loopback', '10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'])('can be %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  it.each(['', 'true', '*', '10.0.0', '10.0.0.0/33', '10.0.0.0/8/8', '::1/129', '10.0.0.1/', 'constructor'])(
    'cannot be %s',
    (text) => expect(isNetwork(text)).toBe(false),
  );
});

describe('what a request says of its way', () => {
  const headers = {
    host: 'inner',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-for': '1.1.1.1',
    forwarded: 'for=1',
  };
  const from = (remoteAddress: string) =>
    ({ headers: { ...headers, 'x-mine': '1' }, socket: { remoteAddress } }) as unknown as IncomingMessage;

  it('is kept where a trusted proxy says it', () => {
    const request = from('127.0.0.1');
    dropForgedForwarding(request, trustedIn(['loopback']));
    expect(request.headers).toEqual({ ...headers, 'x-mine': '1' });
  });

  it('is dropped where anybody else says it', () => {
    const request = from('10.0.0.1');
    dropForgedForwarding(request, trustedIn(['loopback']));
    expect(request.headers).toEqual({ host: 'inner', 'x-mine': '1' });
  });
});
