import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { output } from '../tools';

/** A name for an address, in the file of names that this run has for itself. */
export function nameAddress(host: string, address: string): void {
  if (!isIP(host)) appendFileSync('/etc/hosts', `${address} ${host}\n`);
}

/** The Secret of a certificate for a host name or an address, by an authority that this process believes from now on. */
export function certificateSecret(folder: string, namespace: string, host: string): object {
  mkdirSync(folder, { recursive: true });
  const [key, cert] = [join(folder, `${host}.key`), join(folder, `${host}.crt`)];
  const name = `subjectAltName=${isIP(host) ? 'IP' : 'DNS'}:${host}`;
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '1', '-subj', '/CN=edge'];
  output('openssl', ['req', '-x509', ...how, '-addext', name, '-keyout', key, '-out', cert]);
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(cert, 'utf8')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'edge-tls', namespace },
    type: 'kubernetes.io/tls',
    data: { 'tls.key': readFileSync(key, 'base64'), 'tls.crt': readFileSync(cert, 'base64') },
  };
}
