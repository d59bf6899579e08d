import type { AwsCredentials, TokenCredentials } from './kafka-settings';

export interface BearerToken {
  readonly value: string;
  /** Counted from when it was given, ms. */
  readonly lifetimeMs: number;
}

/** kafkajs renews a session 10 s before the broker ends it: a token must outlive that by far, or it would never stop. */
const MIN_REMAINING_MS = 30_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** RFC 6749 §5.1 only recommends `expires_in`. */
const UNTOLD_LIFETIME_SECONDS = 60;

const providers = new WeakMap<TokenCredentials | AwsCredentials, () => Promise<{ value: string }>>();

/** Tokens for kafkajs, the same for all clients of these credentials while one is good for at least 30 s more. */
export function bearerTokens(credentials: TokenCredentials | AwsCredentials): () => Promise<{ value: string }> {
  const known = providers.get(credentials);
  if (known) return known;
  const provider = renewed(
    credentials.mechanism === 'AWS_MSK_IAM' ? () => signedToken(credentials) : () => grantedToken(credentials),
  );
  providers.set(credentials, provider);
  return provider;
}

/** A token that cannot be renewed is used until it ends. */
export function renewed(
  issue: () => Promise<BearerToken>,
  now: () => number = () => performance.now(),
): () => Promise<{ value: string }> {
  let current: { value: string; until: number } | undefined;
  let issuing: Promise<{ value: string }> | undefined;
  const renew = async () => {
    try {
      const asked = now();
      const { value, lifetimeMs } = await issue();
      current = { value, until: asked + lifetimeMs };
    } catch (error) {
      if (!current || current.until <= now()) throw error;
    } finally {
      issuing = undefined;
    }
    return { value: current.value };
  };
  return async () => {
    if (current && current.until - now() > MIN_REMAINING_MS) return { value: current.value };
    return (issuing ??= renew());
  };
}

async function grantedToken({ tokenEndpointUrl, ...credentials }: TokenCredentials): Promise<BearerToken> {
  const { clientId, clientSecret, scope } = credentials;
  const basic = [clientId, clientSecret].map(encodeURIComponent).join(':');
  const response = await fetch(tokenEndpointUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}`, accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    redirect: 'error',
  }).catch((error: unknown) => {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new TokenRefused(`${tokenEndpointUrl} does not answer: ${String(reason)}`);
  });
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { access_token: value, expires_in: seconds, error } = answer;
  if (!response.ok || typeof value !== 'string') {
    const why = typeof error === 'string' ? ` ${error}` : '';
    throw new TokenRefused(`${tokenEndpointUrl} gave client ${clientId} no token: ${response.status}${why}`);
  }
  return { value, lifetimeMs: (Number(seconds) || UNTOLD_LIFETIME_SECONDS) * 1_000 };
}

async function signedToken({ region }: AwsCredentials): Promise<BearerToken> {
  // AWS' SDK: only those pay for it who use it
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
  const { token, expiryTime } = await generateAuthToken({ region }).catch((error: unknown) => {
    throw new TokenRefused(`no AWS credentials to sign a token with: ${String(error)}`);
  });
  return { value: token, lifetimeMs: expiryTime - Date.now() };
}

/** Nobody gave us a token to log in with. */
export class TokenRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TokenRefused';
  }
}
