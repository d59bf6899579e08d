import { type KafkaSettings, kafkaEnvironment, kafkaSettings } from '@storefront/messaging';
import { readEnvironment } from '@storefront/service';
import { z } from 'zod';
import { isInside } from './addresses';
import { type Environment, environmentOf, secretValue } from './environments';
import { type Manifests, nameOf, specOf } from './manifests';
import { type Service, services } from './services';

interface Listener {
  readonly tls: boolean;
  readonly authentication?: { readonly type: string };
}

/** Whom a service logs in as, and how; where the servers are ours (minikube), also that it has the password that they were given. */
export function loginFaults(manifests: Manifests, shapes: Manifests): string[] {
  const kafka = manifests.find('Secret', 'kafka', 'kafka-passwords');
  const mongo = manifests.find('Secret', 'mongo', 'mongo-passwords');
  return manifests.of('Deployment').flatMap((manifest) => {
    const service = services.find((name) => name === manifest.metadata.name);
    if (!service) return [];
    const values = environmentOf(manifest, manifests, shapes);
    const settings = settingsOf(values);
    return [
      ...(settings ? brokerFaults(service, settings, kafka && secretValue(kafka, service), manifests) : []),
      ...storeFaults(service, values, mongo && secretValue(mongo, service)),
    ].map((fault) => `${nameOf(manifest)}: ${fault}`);
  });
}

/** What is refused altogether is told by the services' own schemas. */
function settingsOf(values: Environment): KafkaSettings | undefined {
  try {
    return kafkaSettings(readEnvironment(z.object(kafkaEnvironment), values));
  } catch {
    return undefined;
  }
}

/** The cloud's rights are of an API key or a role; SCRAM users are ours everywhere. */
function brokerFaults(
  service: Service,
  { brokers, ssl, sasl, requestTimeoutMs = 0 }: KafkaSettings,
  made: string | undefined,
  manifests: Manifests,
): string[] {
  const [cluster] = manifests.of('Kafka');
  const listeners = cluster ? specOf<{ kafka: { listeners: Listener[] } }>(cluster).kafka.listeners : [];
  const isOutside = brokers.some((each) => !isInside(each.replace(/:\d+$/, '')));
  const isVerified = ssl === true || (ssl !== false && ssl.verifyHost !== false);
  const user = sasl && 'username' in sasl && sasl.mechanism.startsWith('SCRAM') ? sasl.username : service;
  const password = sasl && 'password' in sasl ? sasl.password : undefined;
  const isKnown = (listener: Listener) =>
    listener.tls === (ssl !== false) && listener.authentication?.type === sasl?.mechanism.toLowerCase();
  // MSK's SCRAM is this one, at this port
  const isMsk = brokers.every((each) => /\.amazonaws\.com:\d+$/.test(each));
  const atMsk = { 9096: 'SCRAM-SHA-512', 9098: 'AWS_MSK_IAM' }[brokers[0]?.split(':')[1] ?? ''];
  return [
    ...(user === service ? [] : [`logs in to Kafka as ${user}`]),
    ...(made === undefined || password === made ? [] : ['not its password in Kafka']),
    ...(isOutside && !isVerified
      ? ['its brokers are outside, and it does not make sure that they are they (TLS)']
      : []),
    ...(isMsk && atMsk !== sasl?.mechanism
      ? [`it logs in by ${sasl?.mechanism}, at that port MSK wants ${atMsk}`]
      : []),
    ...(isOutside || listeners.length === 0 || listeners.some(isKnown) ? [] : ['no listener takes it as it comes']),
    ...(requestTimeoutMs >= 5_000 ? [] : [`it gives brokers ${requestTimeoutMs} ms`]),
  ];
}

function storeFaults(service: Service, values: Environment, made: string | undefined): string[] {
  const text = values['MONGODB_URI'] ?? values['SPRING_DATA_MONGODB_URI'] ?? '';
  const uri = URL.parse(text.replace(/^mongodb(\+srv)?/, 'http'));
  const isItsOwn = uri?.username === service && uri.pathname === `/${service}`;
  return [
    ...(made === undefined || uri?.password === made ? [] : ['not its password in MongoDB']),
    ...(isItsOwn ? [] : ["another one's user or database"]),
  ];
}
