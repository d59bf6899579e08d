import { processEnvironment } from '@storefront/service';
import { z } from 'zod';

const expected = 'the address of a service is expected, such as http://127.0.0.1:8085';

/** A service's address: scheme, host and port. */
function serviceUrl(byDefault: string) {
  return z
    .url({ protocol: /^https?$/, error: expected })
    .refine((url) => ['', '/'].includes(URL.parse(url)?.pathname ?? ''), { error: `${expected}, without a path` })
    .default(byDefault);
}

/** What the gateway reads from its environment. */
export const GatewayEnvironment = z.object({
  ...processEnvironment(8080),
  ACCOUNTS_URL: serviceUrl('http://127.0.0.1:8085'),
  ORDERS_URL: serviceUrl('http://127.0.0.1:8090'),
  FULFILLMENT_URL: serviceUrl('http://127.0.0.1:8095'),
  /** From the arrival of a request to the beginning of its answer, and between two parts of it. */
  GATEWAY_TIMEOUT_MS: z.coerce.number().pipe(z.int().min(1)).default(30_000),
  /** Requests that may wait for one service, behind the 128 that it is asked at a time. */
  GATEWAY_MAX_QUEUED: z.coerce.number().pipe(z.int().min(0).max(10_000)).default(256),
  /** As the services have it: reconciling asks them by the names of this environment's topics. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^(?!__)[A-Za-z0-9._-]{0,100}$/, {
      error: 'must be at most 100 letters, digits, . _ -, and not begin with __',
    })
    .default(''),
  /** Whether the guarded management endpoints are at `PORT` too, not at `MANAGEMENT_SERVER_PORT` only. */
  GATEWAY_PUBLIC_MANAGEMENT: z
    .enum(['enabled', 'disabled'], { error: 'enabled or disabled is expected' })
    .default('disabled'),
  /** Between two comparisons of all copies with their owners; 0: only when somebody asks. At most 24 days. */
  RECONCILE_INTERVAL_MS: z.coerce
    .number()
    .pipe(
      z
        .int()
        .max(2_073_600_000)
        .refine((ms) => ms === 0 || ms >= 1_000, { error: '0 (never) or 1000 and more is expected' }),
    )
    .default(3_600_000),
  /** Whether such a comparison also heals what it can. */
  RECONCILE_REPAIR: z.enum(['enabled', 'disabled'], { error: 'enabled or disabled is expected' }).default('disabled'),
});
export type GatewayEnvironment = z.infer<typeof GatewayEnvironment>;
