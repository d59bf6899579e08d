import { defaultServerLimits, type ServerLimits } from '@storefront/actuator';
import { z } from 'zod';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const unitsBytes: Readonly<Record<string, number>> = { b: 1, kb: 1_024, mb: 1_048_576 };
const time = 'a time from 100 ms to 1 h is expected, in milliseconds or such as 20s';
const count = 'a number from 10 to 100000 is expected';
const size = 'a size from 1 KB to 64 KB is expected, in bytes or such as 16KB';

/** The part of a process's environment that says what its HTTP servers grant their clients. Spring's units are understood. */
export const httpEnvironment = {
  /** Milliseconds a client has to send a request, body included (408), and may take nothing of its answer. */
  HTTP_REQUEST_TIMEOUT_MS: measure(unitsMs, { error: time, min: 100, max: 3_600_000 })
    .default(defaultServerLimits.requestTimeoutMs)
    .meta({ alias: 'SERVER_TOMCAT_CONNECTION_TIMEOUT' }),
  /** Connections at a time; one more is closed at once. */
  HTTP_MAX_CONNECTIONS: z.coerce
    .number({ error: count })
    .pipe(z.int({ error: count }).min(10, { error: count }).max(100_000, { error: count }))
    .default(defaultServerLimits.maxConnections)
    .meta({ alias: 'SERVER_TOMCAT_MAX_CONNECTIONS' }),
  /** Bytes of the first line and the headers of a request together (431). */
  HTTP_MAX_HEADER_BYTES: measure(unitsBytes, { error: size, min: 1_024, max: 65_536 })
    .default(defaultServerLimits.maxHeaderBytes)
    .meta({ alias: ['SERVER_MAX_HTTP_REQUEST_HEADER_SIZE', 'SERVER_MAX_HTTP_HEADER_SIZE'] }),
};

/** What the variables say, for the servers. */
export function serverLimits(environment: z.output<z.ZodObject<typeof httpEnvironment>>): ServerLimits {
  return {
    requestTimeoutMs: environment.HTTP_REQUEST_TIMEOUT_MS,
    maxConnections: environment.HTTP_MAX_CONNECTIONS,
    maxHeaderBytes: environment.HTTP_MAX_HEADER_BYTES,
  };
}

/** A whole number of the smallest unit, also written with a unit after it, as Spring's durations and sizes are. */
function measure(units: Readonly<Record<string, number>>, { error, min, max }: Range) {
  return z
    .string()
    .transform((text) => amount(text, units))
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }));
}

interface Range {
  readonly error: string;
  readonly min: number;
  readonly max: number;
}

/** NaN where the text is none. ISO 8601 durations of one unit (`PT20S`) are Spring's other way of writing them. */
function amount(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit = ''] = /^(?:pt)?(\d{1,9})([a-z]*)$/.exec(text.trim().toLowerCase()) ?? [];
  return Number(digits) * (unit === '' ? 1 : (units[unit] ?? Number.NaN));
}
