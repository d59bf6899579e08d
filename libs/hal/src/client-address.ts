import { isIPv6 } from 'node:net';

const maxLength = 64;

/**
 * Says which client a request is from, for bounds that hold per client: the address that trusted proxies report, else that of the
 * connection. Of IPv6 it is the network of 64 bits (`2001:db8:0:1::/64`), since one client has all addresses in it. Clients that have gone
 * already have no address, and count as one.
 */
export function clientOf({ ip = '' }: { readonly ip?: string | undefined }): string {
  if (!isIPv6(ip) || ip.includes('.')) return ip.replace(/^::ffff:/i, '').slice(0, maxLength);
  const [left = '', right] = ip.split('%')[0]?.split('::') ?? [];
  const [head, tail] = [groupsOf(left), groupsOf(right ?? '')];
  const zeros = right === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const network = [...head, ...zeros, ...tail].slice(0, 4).map((group) => parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
