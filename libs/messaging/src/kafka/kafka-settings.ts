import { z } from 'zod';

/** How to reach the cluster: the one place where connection settings are known. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  /** How long a consumer group waits for a silent member, ms. */
  readonly sessionTimeoutMs: number;
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
}

const SaslMechanism = z.enum(['plain', 'scram-sha-256', 'scram-sha-512']);
export type SaslMechanism = z.infer<typeof SaslMechanism>;

const broker = /^[^\s:,]+:\d{1,5}$/;

/** The environment's part of a service's configuration schema. */
export const kafkaEnvironment = {
  KAFKA_BROKERS: z
    .string({ error: 'is required: host:port, several separated by commas' })
    .transform((list) =>
      list
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .refine((brokers) => brokers.length > 0 && brokers.every((entry) => broker.test(entry)), {
      error: 'must be host:port, several separated by commas',
    }),
  KAFKA_SSL: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  KAFKA_SASL_MECHANISM: z
    .string()
    .toLowerCase()
    .pipe(z.enum(SaslMechanism.options, { error: `must be one of ${SaslMechanism.options.join(', ')}` }))
    .optional(),
  KAFKA_SASL_USERNAME: z.string().min(1).optional(),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional(),
  KAFKA_SESSION_TIMEOUT_MS: z.coerce
    .number({ error: 'must be a number' })
    .int()
    .min(3_000)
    .max(300_000)
    .default(10_000),
};

export type KafkaEnvironment = z.output<z.ZodObject<typeof kafkaEnvironment>>;

export function kafkaSettings(environment: KafkaEnvironment): KafkaSettings {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = environment;
  if (mechanism && (!username || !password)) {
    throw new Error('KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD');
  }
  return {
    brokers: environment.KAFKA_BROKERS,
    ssl: environment.KAFKA_SSL === 'true',
    sessionTimeoutMs: environment.KAFKA_SESSION_TIMEOUT_MS,
    ...(mechanism && username && password && { sasl: { mechanism, username, password } }),
  };
}
