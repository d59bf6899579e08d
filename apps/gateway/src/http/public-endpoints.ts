const endpoints = [
  '/actuator',
  '/actuator/health',
  '/actuator/health/liveness',
  '/actuator/health/readiness',
  '/actuator/info',
  '/actuator/prometheus',
];

/**
 * The paths of the management endpoints of a service that pass every edge, for every client that the edge admits: the index, health, info
 * and metrics, each with and without a slash at its end. All others stay inside. The gateway follows this table, and `npm run check:deploy`
 * compares the lists of `istio/mesh` with it.
 */
export const publicPaths: ReadonlySet<string> = new Set(endpoints.flatMap((path) => [path, `${path}/`]));
