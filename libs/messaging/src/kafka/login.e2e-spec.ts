import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { admin, plainUser, type SecuredKafka, startSecuredKafka } from '../../../../embedded/testing/secured-kafka';
import { login, scram, tokenEndpoint, type TokenEndpoint } from '../../testing/secured';
import { explained } from './access';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';

describe('logging in to Kafka', () => {
  Logger.overrideLogger(false);
  let kafka: SecuredKafka;
  let tokens: TokenEndpoint;

  beforeAll(async () => {
    [kafka, tokens] = await Promise.all([startSecuredKafka(), tokenEndpoint('token-5ecret', 300)]);
  });

  afterAll(async () => {
    tokens.close();
    await kafka.stop();
  });

  /** What the cluster says to us: nothing, or why we may not come in. */
  async function comeIn(settings: KafkaSettings): Promise<string> {
    const client = kafkaClient(settings, 'login', { retries: 0 });
    const connection = client.admin();
    try {
      await connection.connect();
      return `${(await connection.describeCluster()).brokers.length} broker`;
    } catch (error) {
      return explained(error, settings, client).message;
    } finally {
      await connection.disconnect();
    }
  }

  const plain = (password: string) => login(kafka, { mechanism: 'PLAIN', username: plainUser.name, password });
  const token = (clientSecret: string) =>
    login(kafka, { mechanism: 'OAUTHBEARER', tokenEndpointUrl: tokens.url, clientId: 'notes', clientSecret });
  const tls = (ssl: KafkaSettings['ssl'], brokers = kafka.tls): KafkaSettings => ({
    brokers: [brokers],
    ssl,
    sessionTimeoutMs: 3_000,
  });
  const trusting = () => ({ ca: kafka.certificates.ca, ...kafka.certificates.client });

  it.each<[string, () => KafkaSettings]>([
    ['PLAIN', () => plain(plainUser.password)],
    ['SCRAM-SHA-512', () => scram(kafka, admin)],
    ['OAUTHBEARER', () => token('token-5ecret')],
    ['TLS with a client certificate', () => tls(trusting())],
    [
      'TLS with a host that the certificate does not name, when told to',
      () => tls({ ...trusting(), verifyHost: false }, kafka.tls.replace('127.0.0.1', 'localhost')),
    ],
    [
      'SCRAM over TLS',
      () => ({ ...scram(kafka, admin), brokers: [kafka.saslTls], ssl: { ca: kafka.certificates.ca } }),
    ],
    [
      'PLAIN over TLS',
      () => ({ ...plain(plainUser.password), brokers: [kafka.saslTls], ssl: { ca: kafka.certificates.ca } }),
    ],
  ])('works with %s', async (_, settings) => {
    expect(await comeIn(settings())).toBe('1 broker');
  });

  it.each<[string, () => KafkaSettings, RegExp]>([
    ['a wrong password', () => plain('wr0ng'), /^User:plain-user cannot log in at \S+ with PLAIN: .*Invalid username/],
    [
      'a wrong password (SCRAM)',
      () => scram(kafka, { name: 'admin', password: 'wr0ng' }),
      /^User:admin cannot log in at \S+ with SCRAM-SHA-512: .*invalid credentials/,
    ],
    [
      'a user that is not there',
      () => scram(kafka, { name: 'nobody', password: 'wr0ng' }),
      /^User:nobody cannot log in at /,
    ],
    [
      'a mechanism that is not offered',
      () => ({
        ...login(kafka, { mechanism: 'SCRAM-SHA-256', username: 'u', password: 'wr0ng' }),
        brokers: [kafka.saslTls],
        ssl: { ca: kafka.certificates.ca },
      }),
      /^User:u cannot log in at \S+ with SCRAM-SHA-256: .*not support the requested SASL mechanism/,
    ],
    [
      'a client that the token endpoint does not know',
      () => token('wr0ng'),
      /^User:notes cannot log in at \S+ with OAUTHBEARER: http:\S+ gave client notes no token: 401 invalid_client$/,
    ],
    [
      'an authority that is not believed',
      () => tls(true),
      /unable to verify the first certificate|self-signed certificate/,
    ],
    [
      'a certificate of another host',
      () => tls(trusting(), kafka.tls.replace('127.0.0.1', 'localhost')),
      /Hostname\/IP does not match certificate/,
    ],
    ['no client certificate', () => tls({ ca: kafka.certificates.ca }), /alert/],
    ['no login', () => ({ ...tls(false), brokers: [kafka.sasl] }), /Closed connection/],
  ])('says why not, without the secret: %s', async (_, settings, reason) => {
    const answer = await comeIn(settings());
    expect(answer).toMatch(reason);
    expect(answer).not.toMatch(/wr0ng|5ecret/);
  });

  it('loads the SDK of AWS only for those who use it', () => {
    const script =
      "require('./index'); console.log(Object.keys(require.cache).filter((file) => /aws-|kafkajs/.test(file)).join())";
    const swc = join(__dirname, '../../../service/test/register-swc.cjs');
    const run = execFileSync(process.execPath, ['--require', swc, '-e', script], { cwd: join(__dirname, '..') });
    expect(run.toString()).toContain('kafkajs');
    expect(run.toString()).not.toContain('aws-');
  });
});
