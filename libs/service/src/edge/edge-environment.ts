import { z } from 'zod';
import { isNetwork } from './trusted-proxies';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const networks = 'addresses, networks, or loopback, linklocal, uniquelocal are expected, separated by commas';
const hosts = 'host names are expected, separated by commas, each with a port or without: shop.example,10.0.0.1:8080';
const origins = 'origins are expected, separated by commas, such as https://shop.example, or *';
const tokens = 'names are expected, separated by commas, or *';
const duration = 'seconds are expected, or a duration such as 30m';

const originList = list.pipe(z.array(z.string().refine(isOrigin, { error: origins })));
const tokenList = list.pipe(z.array(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: tokens })));
const methodList = tokenList.transform((names) => names.map((name) => name.toUpperCase()));

/** Seconds, as Spring reads a duration of that unit. */
const secondsOf = z
  .string()
  .regex(/^\d{1,7}[smh]?$/, { error: duration })
  .transform((text) => Number.parseInt(text, 10) * ({ m: 60, h: 3_600 }[text.at(-1) ?? ''] ?? 1));

const exposed = 'ETag,Location,Link,Allow,Retry-After,Consistency-Token,Preference-Applied';

/** What every process reads about who may call it from where, the gateway too. */
export const edgeEnvironment = {
  /** Proxies whose X-Forwarded-* headers are believed; those of anybody else are dropped. */
  TRUSTED_PROXIES: list
    .pipe(z.array(z.string().refine(isNetwork, { error: networks })))
    .prefault('loopback')
    .meta({ alias: 'GATEWAY_TRUSTED_PROXIES' }),
  /** Names by which the process may be called; empty: any. */
  ALLOWED_HOSTS: list
    .pipe(
      z.array(
        z
          .string()
          .toLowerCase()
          .regex(/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/, { error: hosts }),
      ),
    )
    .prefault(''),
  /** Origins of pages, besides the process's own, that may call the API; none unless set. */
  CORS_ALLOWED_ORIGINS: originList.prefault(''),
  CORS_ALLOWED_METHODS: methodList.prefault('GET,HEAD,POST'),
  CORS_ALLOWED_HEADERS: tokenList.prefault('*'),
  CORS_EXPOSED_HEADERS: tokenList.prefault(exposed),
  /** How long a browser may keep what a preflight was answered, seconds. */
  CORS_MAX_AGE: secondsOf.prefault('1800'),
  /** The same for the open management endpoints; guarded ones answer no other origin, whatever this says. */
  MANAGEMENT_ENDPOINTS_WEB_CORS_ALLOWED_ORIGINS: originList.prefault(''),
  MANAGEMENT_ENDPOINTS_WEB_CORS_ALLOWED_METHODS: methodList.prefault('GET'),
  MANAGEMENT_ENDPOINTS_WEB_CORS_ALLOWED_HEADERS: tokenList.prefault('*'),
  MANAGEMENT_ENDPOINTS_WEB_CORS_EXPOSED_HEADERS: tokenList.prefault(''),
  MANAGEMENT_ENDPOINTS_WEB_CORS_MAX_AGE: secondsOf.prefault('1800'),
};

export type EdgeEnvironment = z.output<z.ZodObject<typeof edgeEnvironment>>;

function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:\/\//.test(text) && URL.parse(text)?.origin === text);
}
