import { managementEnvironment } from '@storefront/actuator';
import { z } from 'zod';
import { traceEnvironment } from './tracing/trace-environment';

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every process of ours reads, the gateway too; `defaultPort` is the laptop port. */
export function processEnvironment(defaultPort: number) {
  return {
    PORT: z.coerce
      .number({ error: 'a port number is expected, 0 (any free one) to 65535' })
      .pipe(z.int({ error: 'a port number is expected, 0 (any free one) to 65535' }).min(0).max(65_535))
      .default(defaultPort)
      .meta({ alias: 'SERVER_PORT' }),
    HOST: z.string().default('0.0.0.0'),
    LOG_LEVEL: z
      .string()
      .toLowerCase()
      .pipe(z.enum(levels, { error: `one of ${levels.join(', ')} is expected` }))
      .default('info'),
    LOG_FORMAT: z.enum(['pretty', 'json'], { error: 'pretty or json is expected' }).optional(),
    ...managementEnvironment,
    ...traceEnvironment,
  };
}

/** What a service with a store reads besides Kafka's variables. */
export function serviceEnvironment(defaultPort: number) {
  return {
    ...processEnvironment(defaultPort),
    MONGODB_URI: z
      .string({ error: 'a MongoDB URI is expected, such as mongodb://127.0.0.1:27017/orders' })
      .regex(/^mongodb(\+srv)?:\/\//, { error: 'it is expected to start with mongodb:// or mongodb+srv://' }),
    SAMPLE_DATA: z.enum(['enabled', 'disabled'], { error: 'enabled or disabled is expected' }).default('disabled'),
  };
}

export type ProcessEnvironment = z.output<z.ZodObject<ReturnType<typeof processEnvironment>>>;
