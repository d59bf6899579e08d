import { pbkdf2Sync, randomBytes } from 'node:crypto';
import {
  alterUserScramCredentialsV0,
  Connection,
  type ConnectionOptions,
  describeUserScramCredentialsV0,
} from '@platformatic/kafka';
import type { KafkaSettings } from '../../libs/messaging/src/kafka/kafka-settings';

/** Numbers of the protocol (AlterUserScramCredentials), and lengths of the digests in bytes. */
const mechanisms = {
  'SCRAM-SHA-256': { id: 1, digest: 'sha256', length: 32 },
  'SCRAM-SHA-512': { id: 2, digest: 'sha512', length: 64 },
} as const;
export type ScramMechanism = keyof typeof mechanisms;
export const scramMechanisms = Object.keys(mechanisms) as ScramMechanism[];

/** RFC 7677 asks for 4096 at least, Kafka takes up to 16384. */
const ITERATIONS = 8_192;
const SALT_BYTES = 24;

/** Users with SCRAM passwords in Kafka itself. By another client than kafkajs, which does not speak these two requests. */
export class ScramUsers {
  constructor(
    private readonly settings: KafkaSettings,
    private readonly mechanism: ScramMechanism,
  ) {}

  /** The names of those who have a password for this mechanism. */
  async names(): Promise<Set<string>> {
    const { results } = await this.connected((connection) =>
      describeUserScramCredentialsV0.api.async(connection, null),
    );
    const { id } = mechanisms[this.mechanism];
    const known = results.filter(({ credentialInfos }) => credentialInfos.some(({ mechanism }) => mechanism === id));
    return new Set(known.map(({ user }) => user));
  }

  /** Gives users a password; one they had is no longer good for new connections. */
  async set(passwords: ReadonlyMap<string, string>): Promise<void> {
    const { id, digest, length } = mechanisms[this.mechanism];
    const upsertions = [...passwords].map(([name, password]) => {
      const salt = randomBytes(SALT_BYTES);
      const saltedPassword = pbkdf2Sync(password, salt, ITERATIONS, length, digest);
      return { name, mechanism: id, iterations: ITERATIONS, salt, saltedPassword };
    });
    if (upsertions.length === 0) return;
    await this.connected((connection) => alterUserScramCredentialsV0.api.async(connection, [], upsertions));
  }

  private async connected<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
    const [broker = ''] = this.settings.brokers;
    const [host = '', port] = broker.split(':');
    const connection = new Connection('storefront-operations', connectionOptions(this.settings));
    try {
      await connection.connect(host, Number(port));
      return await run(connection);
    } finally {
      await connection.close();
    }
  }
}

function connectionOptions({ ssl, sasl }: KafkaSettings): ConnectionOptions {
  if (sasl && !('username' in sasl)) {
    throw new Error(`Users are made by an administrator with a password, not with ${sasl.mechanism}.`);
  }
  const { verifyHost = true, ...pem } = ssl === true ? {} : ssl || {};
  return {
    ...(ssl && { tls: { ...pem, ...(!verifyHost && { checkServerIdentity: () => undefined }) }, tlsServerName: true }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password } }),
  };
}
