import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import {
  AclOperationTypes,
  AclPermissionTypes,
  type AclResourceTypes,
  type Admin,
  ResourcePatternTypes,
} from 'kafkajs';
import { admin as administrator, type SecuredKafka } from '../../../embedded/testing/secured-kafka';
import { kafkaClient } from '../src/kafka/kafka-client';
import type { KafkaCredentials, KafkaSettings } from '../src/kafka/kafka-settings';

/** Settings for the door where one logs in without TLS. */
export function login(kafka: SecuredKafka, sasl: KafkaCredentials): KafkaSettings {
  return { brokers: [kafka.sasl], ssl: false, sasl, sessionTimeoutMs: 3_000, requestTimeoutMs: 5_000 };
}

export function scram(kafka: SecuredKafka, { name, password }: { name: string; password: string }): KafkaSettings {
  return login(kafka, { mechanism: 'SCRAM-SHA-512', username: name, password });
}

/** The cluster's administrator at work. */
export class Administrator {
  private constructor(private readonly admin: Admin) {}

  static async of(kafka: SecuredKafka): Promise<Administrator> {
    const admin = kafkaClient(scram(kafka, administrator), 'administrator').admin();
    await admin.connect();
    return new Administrator(admin);
  }

  async create(topic: string, partitions = 1): Promise<void> {
    await this.admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] });
  }

  /** `operation` of kafkajs' names: READ, WRITE, DESCRIBE, CREATE … */
  async allow(
    user: string,
    operation: keyof typeof AclOperationTypes,
    [resourceType, resourceName]: [AclResourceTypes, string],
  ): Promise<void> {
    await this.admin.createAcls({
      acl: [
        {
          resourceType,
          resourceName,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: `User:${user}`,
          host: '*',
          operation: AclOperationTypes[operation],
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}

export interface TokenEndpoint {
  readonly url: string;
  /** How many tokens were given. */
  readonly given: () => number;
  /** Gives nobody a token while it is set. */
  refusing: boolean;
  close(): void;
}

/** Gives unsigned tokens, which such a broker believes, to those who know the secret. */
export async function tokenEndpoint(secret: string, lifetimeSeconds: number): Promise<TokenEndpoint> {
  let given = 0;
  const server = createServer((request, response) => {
    const [, basic = ''] = request.headers.authorization?.split(' ') ?? [];
    const [client = '', password] = Buffer.from(basic, 'base64').toString().split(':');
    const isRefused = endpoint.refusing || password !== secret || request.method !== 'POST';
    response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' });
    if (isRefused) return response.end(JSON.stringify({ error: 'invalid_client' }));
    given++;
    const answer = {
      access_token: unsigned(client, lifetimeSeconds),
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
    };
    return response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint: TokenEndpoint = {
    url: `http://127.0.0.1:${port}/token`,
    given: () => given,
    refusing: false,
    close: () => {
      server.close();
    },
  };
  return endpoint;
}

/** A JWT without a signature (RFC 7519 §6). */
function unsigned(subject: string, lifetimeSeconds: number): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + lifetimeSeconds })}.`;
}
