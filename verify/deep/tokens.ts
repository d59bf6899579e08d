import { generateKeyPairSync, sign } from 'node:crypto';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const hour = 3_600;

/** Public keys of the issuer of one run. */
export const jwks = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
});

/** A token of that issuer; `isForeign`: signed by somebody else. */
export function token(issuer: string, claims: Readonly<Record<string, unknown>> = {}, isForeign = false): string {
  const now = Math.floor(Date.now() / 1_000);
  const all = { iss: issuer, sub: 'customer', aud: 'storefront', iat: now, exp: now + hour, ...claims };
  const text = [{ alg: 'RS256', typ: 'JWT', kid: 'one' }, all]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), isForeign ? foreign : privateKey).toString('base64url')}`;
}
