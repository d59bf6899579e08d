import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

/** What an agent wrote into its folder; undefined until it has. */
export function certificateIn(folder: string): Certificate | undefined {
  const [cert = '', key = '', ca = ''] = ['cert-chain.pem', 'key.pem', 'root-cert.pem'].map((name) =>
    join(folder, name),
  );
  if (![cert, key, ca].every((file) => existsSync(file))) return undefined;
  return { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca) };
}

/** The status of a request over mTLS, past the edge; rejects where there is no connection. */
export async function statusWith(certificate: Certificate, method: string, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // a member of the mesh is known by its account, not by a host
    const options = { ...certificate, method, agent: false as const, checkServerIdentity: () => undefined };
    const sent = request(url, options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end();
  });
}
