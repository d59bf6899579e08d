import { managementEnvironment } from '@storefront/actuator';
import { z } from 'zod';
import { edgeEnvironment } from './edge/edge-environment';
import { traceEnvironment } from './tracing/trace-environment';
import { answerEnvironment } from './answer-settings';
import { httpEnvironment } from './http-settings';
import { storeEnvironment } from './store-settings';

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every process of ours reads, the gateway too; `defaultPort` is the laptop port. */
export function processEnvironment(defaultPort: number) {
  return {
    PORT: z.coerce
      .number({ error: 'a port number is expected, 0 (any free one) to 65535' })
      .pipe(z.int({ error: 'a port number is expected, 0 (any free one) to 65535' }).min(0).max(65_535))
      .default(defaultPort)
      .meta({ alias: 'SERVER_PORT' }),
    HOST: z.string().default('0.0.0.0').meta({ alias: 'SERVER_ADDRESS' }),
    /** Where the service's paths begin for its clients, such as `/accounts`; paths without it are answered too. */
    CONTEXT_PATH: z
      .string()
      .regex(/^(\/[\w.~-]+)+$/, { error: 'a path is expected that begins with a slash and does not end with one' })
      .optional()
      .meta({ alias: 'SERVER_SERVLET_CONTEXT_PATH' }),
    LOG_LEVEL: z
      .string()
      .toLowerCase()
      .transform((level) => (level === 'off' ? 'silent' : level))
      .pipe(z.enum(levels, { error: `one of ${levels.join(', ')} is expected` }))
      .default('info')
      .meta({ alias: 'LOGGING_LEVEL_ROOT' }),
    LOG_FORMAT: z.enum(['pretty', 'json'], { error: 'pretty or json is expected' }).optional(),
    ...httpEnvironment,
    ...edgeEnvironment,
    ...answerEnvironment,
    ...managementEnvironment,
    ...traceEnvironment,
  };
}

/** What a service with a store reads besides Kafka's variables. */
export function serviceEnvironment(defaultPort: number) {
  return {
    ...processEnvironment(defaultPort),
    ...storeEnvironment,
    SAMPLE_DATA: z.enum(['enabled', 'disabled'], { error: 'enabled or disabled is expected' }).default('disabled'),
  };
}

export type ProcessEnvironment = z.output<z.ZodObject<ReturnType<typeof processEnvironment>>>;
