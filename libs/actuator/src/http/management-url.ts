/** Whether a path is for operators and probes, not what the application is there for. */
export function isManagementUrl(url: string): boolean {
  return /^\/(actuator|livez|readyz)([/?]|$)/.test(url);
}
