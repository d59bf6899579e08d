/** How to reach the cluster: the one place where connection settings are known. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** TLS with the system's authorities, or with what is given. */
  readonly ssl: boolean | KafkaTls;
  readonly sasl?: KafkaCredentials;
  /** How long a consumer group waits for a silent member, ms. */
  readonly sessionTimeoutMs: number;
  /** How long a broker may take for an answer, ms; 15000 by default. */
  readonly requestTimeoutMs?: number;
  /** The first pause before a request is tried again, ms; 100 by default, then it grows up to 1 s. */
  readonly retryBackoffMs?: number;
  /** What the names of all topics begin with on a cluster that several environments share; nothing by default. */
  readonly topicPrefix?: string;
  /** What the names of all consumer groups begin with; nothing by default. */
  readonly groupPrefix?: string;
}

/** All of it PEM. */
export interface KafkaTls {
  /** Authorities that are believed instead of the system's. */
  readonly ca?: string;
  /** The client's own certificate chain, and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Whether the broker's certificate must name the host that was asked for; true by default. */
  readonly verifyHost?: boolean;
}

export type KafkaCredentials = PasswordCredentials | TokenCredentials | AwsCredentials;

export interface PasswordCredentials {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** OAuth 2.0 client credentials (RFC 6749 §4.4). */
export interface TokenCredentials {
  readonly mechanism: 'OAUTHBEARER';
  readonly tokenEndpointUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

/** Amazon MSK's IAM, with the credentials that AWS' own chain finds: pod identity, role, profile, environment. */
export interface AwsCredentials {
  readonly mechanism: 'AWS_MSK_IAM';
  readonly region: string;
}

export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'] as const;
export type SaslMechanism = (typeof saslMechanisms)[number];
