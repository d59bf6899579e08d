import { X509Certificate } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { KafkaSettings } from './kafka-settings';

/** The cluster does not let us: no failure of the connection, and nothing that a new process would heal. */
export class KafkaAccessRefused extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'KafkaAccessRefused';
  }
}

/** What a caller was about to do. */
export interface Attempt {
  readonly group?: string;
  readonly topics?: readonly string[];
}

/** The request that a client's brokers refused last: kafkajs loses some of these errors on the way to its caller. */
export interface RefusedRequest {
  /** kafkajs' name of the request. */
  readonly request: string;
  readonly reason: string;
}

const refused = new WeakMap<Kafka, RefusedRequest>();

export function noteRefusal(client: Kafka, refusal: RefusedRequest): void {
  refused.set(client, refusal);
}

/** By kafkajs' names: what somebody must be allowed to do. From Kafka's documentation, "Operations and Resources on Protocols". */
const operations: Readonly<Record<string, string>> = {
  Metadata: 'Describe',
  ListOffsets: 'Describe',
  Produce: 'Write',
  Fetch: 'Read',
  CreateTopics: 'Create',
  DescribeAcls: 'Describe',
  CreateAcls: 'Alter',
  GroupCoordinator: 'Read',
  JoinGroup: 'Read',
  SyncGroup: 'Read',
  Heartbeat: 'Read',
  OffsetFetch: 'Read',
  OffsetCommit: 'Read',
};

/** The error itself, or one that says who may not do what where, if that is what happened. */
export function explained(
  error: unknown,
  settings: KafkaSettings,
  client: Kafka | undefined,
  attempt: Attempt = {},
): Error {
  const own = error instanceof Error ? error : new Error(String(error));
  const chain = causesOf(own);
  const login = chain.find(isLoginFailure);
  if (login) {
    const { sasl, brokers } = settings;
    const how = `${principalOf(settings)} cannot log in at ${brokers.join(',')} with ${sasl?.mechanism}`;
    return new KafkaAccessRefused(`${how}: ${login.message}`, own);
  }
  if (!chain.some(isRefusal)) return own;
  const refusal = creationRefused(chain) ?? (client && refused.get(client));
  if (!refusal) return own;
  if (client) refused.delete(client);
  const operation = operations[refusal.request] ?? refusal.request;
  const message = `${principalOf(settings)} has no right to ${operation} on ${resourceOf(refusal, attempt)}`;
  return new KafkaAccessRefused(`${message} (${refusal.reason})`, own);
}

/** Who the cluster takes us for, as its ACLs name principals. */
export function principalOf({ sasl, ssl }: KafkaSettings): string {
  if (sasl?.mechanism === 'AWS_MSK_IAM') return `the AWS identity of this process (${sasl.region})`;
  if (sasl?.mechanism === 'OAUTHBEARER') return `User:${sasl.clientId}`;
  if (sasl) return `User:${sasl.username}`;
  if (typeof ssl === 'object' && ssl.cert) {
    return `User:${new X509Certificate(ssl.cert).subject.split('\n').toReversed().join(',')}`;
  }
  return 'User:ANONYMOUS';
}

function resourceOf({ reason }: RefusedRequest, { group, topics = [] }: Attempt): string {
  if (/group/i.test(reason) && group) return `Group ${group}`;
  if (/topic/i.test(reason) && topics.length > 0) return `Topic ${topics.join(' or Topic ')}`;
  return /cluster/i.test(reason) ? 'Cluster' : reason;
}

function isLoginFailure(error: Error): boolean {
  return (
    error.name === 'KafkaJSSASLAuthenticationError' ||
    error.name === 'TokenRefused' ||
    typeOf(error) === 'UNSUPPORTED_SASL_MECHANISM'
  );
}

/** kafkajs has errors a topic here, and a reason without one in its log. */
function creationRefused(chain: readonly Error[]): RefusedRequest | undefined {
  const creation = chain.find((error) => error.name === 'KafkaJSCreateTopicError' && isRefusal(error));
  return creation && { request: 'CreateTopics', reason: creation.message };
}

/** kafkajs says the second when every broker it asked refused. */
function isRefusal(error: Error): boolean {
  return typeOf(error).endsWith('AUTHORIZATION_FAILED') || error.name === 'KafkaJSGroupCoordinatorNotFound';
}

function typeOf(error: Error): string {
  return 'type' in error ? String(error.type) : '';
}

function causesOf(error: Error): Error[] {
  const causes: Error[] = [];
  const add = (each: unknown): void => {
    if (!(each instanceof Error) || causes.includes(each)) return;
    causes.push(each);
    add(each.cause);
    if ('originalError' in each) add(each.originalError);
    if ('errors' in each && Array.isArray(each.errors)) each.errors.forEach(add);
  };
  add(error);
  return causes;
}
