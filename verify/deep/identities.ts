import { services } from '../services';
import { type Certificate, statusWith } from './certificates';
import { serviceMembers } from './members';

/** Who has which certificate. */
export interface Identities {
  readonly edge: Certificate;
  readonly somebody: Certificate;
}

/** STRICT mTLS, and who may call what, asked of each service's own sidecar. */
export async function identityFaults(identities: Identities): Promise<string[]> {
  const faults: string[] = [];
  for (const service of services) {
    const host = `${serviceMembers[service].address}:8080`;
    const plain = await fetch(`http://${host}/`).then(
      ({ status }) => `${status}`,
      () => 'refused',
    );
    if (plain !== 'refused') faults.push(`${service} without TLS: ${plain}`);
    for (const [who, method, path, expected] of cases) {
      const status = await statusWith(identities[who], method, `https://${host}${path}`);
      if (status !== expected) faults.push(`${who}: ${method} ${service}${path}: ${status}, not ${expected}`);
    }
  }
  return faults;
}

const cases: readonly (readonly [who: keyof Identities, method: string, path: string, expected: number])[] = [
  ['edge', 'GET', '/', 200],
  ['edge', 'GET', '/actuator/health', 200],
  ['edge', 'GET', '/actuator/env', 403],
  ['somebody', 'GET', '/', 403],
  ['somebody', 'GET', '/actuator/prometheus', 403],
];
