import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engines, type EnginesOptions, type KafkaListener, startEngines } from '../engines';
import { freePort } from '../ports';

/** The administrator: may do all. */
export const admin = { name: 'admin', password: 'admin-5ecret' };
/** Who may log in with PLAIN; SCRAM users are made at run time. */
export const plainUser = { name: 'plain-user', password: 'plain-5ecret' };

const LOGIN = 'org.apache.kafka.common.security';

/** PEM, made for one run. */
export interface Certificates {
  readonly ca: string;
  readonly broker: { readonly cert: string; readonly key: string };
  /** Of `CN=client`. */
  readonly client: { readonly cert: string; readonly key: string };
}

/** A broker whose doors ask for a login, and where nobody may do anything without a rule that says so. */
export interface SecuredKafka {
  readonly engines: Engines;
  /** SASL_PLAINTEXT: SCRAM-SHA-256, SCRAM-SHA-512, PLAIN, OAUTHBEARER with unsigned tokens. host:port */
  readonly sasl: string;
  /** SASL_SSL: PLAIN and SCRAM-SHA-512. */
  readonly saslTls: string;
  /** SSL: a client certificate is asked for. */
  readonly tls: string;
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

/** Starts it in a directory of its own. The plain door stays: it is the broker's own, and open to all. */
export async function startSecuredKafka(
  properties: Readonly<Record<string, string>> = {},
  options: Partial<EnginesOptions> = {},
): Promise<SecuredKafka> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'storefront-secured-'));
  const certificates = createCertificates();
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const protocols = ['SASL_PLAINTEXT', 'SASL_SSL', 'SSL'] as const;
  const kafkaListeners = ports.map((port, index): KafkaListener => ({
    port,
    advertisedPort: port,
    protocol: protocols[index] ?? 'SSL',
  }));
  const engines = await startEngines({
    dataDir,
    mongoPort: false,
    kafkaListeners,
    kafkaUsers: [admin],
    kafkaProperties: { ...securityProperties(certificates), ...properties },
    ...options,
  });
  const [sasl, saslTls, tls] = ports.map((port) => `127.0.0.1:${port}`) as [string, string, string];
  return {
    engines,
    sasl,
    saslTls,
    tls,
    certificates,
    async stop() {
      await engines.stop();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function securityProperties({ ca, broker }: Certificates): Record<string, string> {
  const scram = `${LOGIN}.scram.ScramLoginModule required;`;
  const plain = `${LOGIN}.plain.PlainLoginModule required user_${plainUser.name}="${plainUser.password}";`;
  const bearer = `${LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`;
  const pem = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': broker.cert,
    'ssl.keystore.key': broker.key,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': ca,
  };
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:ANONYMOUS;User:${admin.name}`,
    'allow.everyone.if.no.acl.found': 'false',
    'listener.name.extra1.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512,PLAIN,OAUTHBEARER',
    'listener.name.extra1.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.extra1.scram-sha-512.sasl.jaas.config': scram,
    'listener.name.extra1.plain.sasl.jaas.config': plain,
    'listener.name.extra1.oauthbearer.sasl.jaas.config': bearer,
    'listener.name.extra2.sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
    'listener.name.extra2.scram-sha-512.sasl.jaas.config': scram,
    'listener.name.extra2.plain.sasl.jaas.config': plain,
    ...pem,
    'listener.name.extra3.ssl.client.auth': 'required',
  };
}

/** An authority, a broker that is 127.0.0.1 and not localhost, and a client. Needs openssl. */
function createCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-certificates-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const issue = (name: string, subject: string) => {
    const request = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`];
    openssl('req', ...request, '-subj', subject);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-sha256'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-extfile', 'names.cnf', '-out', `${name}.pem`);
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  try {
    writeFileSync(join(folder, 'names.cnf'), 'subjectAltName=IP:127.0.0.1\n');
    const authority = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2'];
    openssl('req', '-x509', ...authority, '-subj', '/CN=storefront test authority');
    return { ca: read('ca.pem'), broker: issue('broker', '/CN=broker'), client: issue('client', '/CN=client') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
