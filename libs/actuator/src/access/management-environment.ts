import { z } from 'zod';

const showings = ['never', 'when-authorized', 'always'] as const;
export type Showing = (typeof showings)[number];

/** Written as Spring Boot reads it: `WHEN_AUTHORIZED` too. */
export const showing = z
  .string()
  .transform((text) => text.toLowerCase().replaceAll('_', '-'))
  .pipe(z.enum(showings, { error: `one of ${showings.join(', ')} is expected` }));
const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false'], { error: 'true or false is expected' }));
const port = 'a port number is expected, 0 (any free one) to 65535, or -1 for no management endpoints';

const endpointIds = [
  'health',
  'info',
  'prometheus',
  'metrics',
  'env',
  'loggers',
  'mappings',
  'httpexchanges',
  'scheduledtasks',
  'threaddump',
  'heapdump',
  'shutdown',
  'auditevents',
] as const;
type EnabledVariable = `MANAGEMENT_ENDPOINT_${Uppercase<(typeof endpointIds)[number]>}_ENABLED`;

/** The variables that this library reads, as part of an application's schema. Names and meanings are Spring Boot's. */
export const managementEnvironment = {
  /** HTTP Basic for guarded endpoints; unless both are set, those answer 404. */
  MANAGEMENT_USERNAME: z.string().optional(),
  MANAGEMENT_PASSWORD: z.string().optional(),
  /** Another port for `/actuator` than the application's; `-1`: none of it over HTTP. */
  MANAGEMENT_SERVER_PORT: z.coerce
    .number({ error: port })
    .pipe(z.int({ error: port }).min(-1, { error: port }).max(65_535, { error: port }))
    .optional(),
  /** Where the management port listens; the application's own address unless set. */
  MANAGEMENT_SERVER_ADDRESS: z.string().optional(),
  /** Ids of the endpoints there are, separated by commas; `*` is all of them but heapdump and shutdown. */
  MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: z.string().default('*'),
  /** Ids of the endpoints there are not, whatever is included. */
  MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE: z.string().default(''),
  /** Who sees the details of the parts of health. */
  MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: showing.default('when-authorized'),
  /** Who sees the parts of health and their status. */
  MANAGEMENT_ENDPOINT_HEALTH_SHOW_COMPONENTS: showing.default('always'),
  /** Liveness and readiness at `/livez` and `/readyz` of the application's port too. */
  MANAGEMENT_ENDPOINT_HEALTH_PROBES_ADD_ADDITIONAL_PATHS: flag.default('false'),
  /** Who sees values in env; secrets stay masked. */
  MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES: showing.default('never'),
  /** Whether an endpoint exists, by its id; `heapdump` and `shutdown` only where told so. */
  ...(Object.fromEntries(
    endpointIds.map((id) => [`MANAGEMENT_ENDPOINT_${id.toUpperCase()}_ENABLED`, flag.optional()]),
  ) as Record<EnabledVariable, z.ZodOptional<typeof flag>>),
};

/** Undefined where nothing is told of the endpoint. */
export function isToldEnabled(environment: ManagementEnvironment, id: string): boolean | undefined {
  const told = environment[`MANAGEMENT_ENDPOINT_${id.toUpperCase()}_ENABLED` as EnabledVariable];
  return told === undefined ? undefined : told === 'true';
}

export type ManagementEnvironment = z.output<z.ZodObject<typeof managementEnvironment>>;

export const MANAGEMENT_ENVIRONMENT = Symbol('MANAGEMENT_ENVIRONMENT');
