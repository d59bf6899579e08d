/**
 * The management endpoints of a service that pass every edge, for anybody whom that edge lets in: the index, health, info and metrics, each
 * with or without a slash at its end. All others stay inside. `apps/gateway` follows this table, and `npm run check:deploy` holds the lists
 * of `istio/mesh` against it.
 */
export const publicEndpoints = [
  '/actuator',
  '/actuator/health',
  '/actuator/health/liveness',
  '/actuator/health/readiness',
  '/actuator/info',
  '/actuator/prometheus',
] as const;
