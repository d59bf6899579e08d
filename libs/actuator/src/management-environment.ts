/** The part of the environment this library reads. */
export interface ManagementEnvironment {
  /** HTTP Basic for guarded endpoints; unless both are set, those answer 404. */
  MANAGEMENT_USERNAME?: string | undefined;
  MANAGEMENT_PASSWORD?: string | undefined;
  /** `always` shows the parts of `/actuator/health` with their details; the status alone by default. */
  MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS?: 'always' | 'never' | undefined;
}

export const MANAGEMENT_ENVIRONMENT = Symbol('MANAGEMENT_ENVIRONMENT');
