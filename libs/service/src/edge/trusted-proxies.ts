import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The names that Fastify and Express have for networks, too. */
const networksByName: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Headers in which proxies tell of the client and of what it called. */
export const forwardedHeaders: readonly string[] = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-ssl',
  'x-real-ip',
];

/** Says of an address whether a proxy is there that may tell who its client is and what it called. */
export type IsTrusted = (address: string | undefined) => boolean;

/** Whether a text is an address, a network such as `10.1.0.0/16`, or `loopback`, `linklocal`, `uniquelocal`. */
export function isNetwork(text: string): boolean {
  if (Object.hasOwn(networksByName, text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Trusts the addresses in these networks; each must be one by `isNetwork`. */
export function trustedIn(networks: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const network of networks.flatMap((name) => networksByName[name] ?? [name])) {
    const [address = '', bits] = network.split('/');
    const version = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(bits ?? (version === 'ipv4' ? 32 : 128)), version);
  }
  return (address = '') => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Removes the headers in which proxies tell of the client, where the request does not come from a trusted one. */
export function dropForgedForwarding({ headers, socket }: IncomingMessage, isTrusted: IsTrusted): void {
  const isForwarded = headers['forwarded'] !== undefined || Object.keys(headers).some((name) => name.startsWith('x-'));
  if (!isForwarded || isTrusted(socket.remoteAddress)) return;
  for (const name of forwardedHeaders) delete headers[name];
}
