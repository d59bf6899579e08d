/** Whether a path is for operators and probes, not what the application is there for. */
export function isManagementUrl(url: string): boolean {
  return /^\/(actuator|livez|readyz)([/?]|$)/.test(url);
}

/** Whether a path is of the management endpoints that answer without a credential: the index, health, info, prometheus, probes. */
export function isOpenManagementUrl(url: string): boolean {
  return /^\/(actuator(\/?(\?|$)|\/(health|info|prometheus)([/?]|$))|(livez|readyz)([/?]|$))/.test(url);
}
