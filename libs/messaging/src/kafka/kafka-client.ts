import { Logger } from '@nestjs/common';
import { boundFetches } from '@storefront/codecs';
import { Kafka, type KafkaConfig, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import { noteRefusal } from './access';
import { bearerTokens } from './bearer-tokens';
import type { KafkaSettings, PasswordCredentials } from './kafka-settings';
import { repairKafkajs } from './kafkajs-repairs';
import { noteRecordsGone } from './records-gone';

let prepared = false;

/**
 * A new client: every consumer needs one of its own, because kafkajs shares committed offsets between the consumers of one
 * client (tulios/kafkajs#558).
 */
export function kafkaClient(settings: KafkaSettings, clientId: string, retry: KafkaConfig['retry'] = {}): Kafka {
  prepare();
  const { initial, max } = { initial: settings.retryBackoffMs ?? 100, max: 1_000 };
  const client = new Kafka({
    clientId,
    ...connectionConfig(settings),
    connectionTimeout: settings.ssl ? 10_000 : 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: settings.requestTimeoutMs ?? 15_000,
    enforceRequestTimeout: true,
    retry: { retries: 3, ...retry, initialRetryTime: initial, maxRetryTime: Math.max(initial, max) },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { label, log: details } = entry;
      const request = /^Response (\w+)\(/.exec(details.message)?.[1];
      const reason: unknown = details['error'];
      if (
        label === 'ERROR' &&
        request &&
        typeof reason === 'string' &&
        /not authorized|authorization failed/i.test(reason)
      ) {
        noteRefusal(client, { request, reason });
      }
      noteRecordsGone(client, details);
      log(entry);
    },
  });
  return client;
}

/** The cluster and the login, for a client of somebody else's. What kafkajs is given reads credentials and certificates at each connection. */
export function connectionConfig(settings: KafkaSettings): Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'> {
  const [ssl, sasl] = [tlsOptions(settings), saslOptions(settings)];
  return { brokers: [...settings.brokers], ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

function tlsOptions({ ssl }: KafkaSettings): KafkaConfig['ssl'] {
  if (typeof ssl === 'boolean') return ssl || undefined;
  const { verifyHost = true } = ssl;
  const options = { ...(!verifyHost && { checkServerIdentity: () => undefined }) };
  for (const key of ['ca', 'cert', 'key'] as const) {
    if (ssl[key] !== undefined) Object.defineProperty(options, key, { enumerable: true, get: () => ssl[key] });
  }
  return options;
}

function saslOptions({ sasl }: KafkaSettings): SASLOptions | undefined {
  // one literal a case: kafkajs' type is a union over the mechanism
  switch (sasl?.mechanism) {
    case 'PLAIN':
      return withLogin({ mechanism: 'plain' as const, username: '', password: '' }, sasl);
    case 'SCRAM-SHA-256':
      return withLogin({ mechanism: 'scram-sha-256' as const, username: '', password: '' }, sasl);
    case 'SCRAM-SHA-512':
      return withLogin({ mechanism: 'scram-sha-512' as const, username: '', password: '' }, sasl);
    case 'OAUTHBEARER':
    case 'AWS_MSK_IAM':
      return { mechanism: 'oauthbearer', oauthBearerProvider: bearerTokens(sasl) };
    case undefined:
      return undefined;
  }
}

/** kafkajs looks at the name and the password whenever it logs in: both are read then, for they may have been rotated. */
function withLogin<T extends object>(options: T, sasl: PasswordCredentials): T {
  for (const key of ['username', 'password'] as const) {
    Object.defineProperty(options, key, { enumerable: true, get: () => sasl[key] });
  }
  return options;
}

const logger = new Logger('kafkajs');
/** kafkajs reports as errors what its retries and ours heal by themselves. */
function log({ level, namespace, log: { message, ...details } }: LogEntry): void {
  const line = `${namespace ? `[${namespace}] ` : ''}${message}${typeof details.error === 'string' ? `: ${details.error}` : ''}`;
  if (level <= logLevel.WARN) logger.debug(line);
}

function prepare(): void {
  if (prepared) return;
  prepared = true;
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  boundFetches();
  repairKafkajs();
}
