export { type AuditEvent, AuditEvents, type AuditFilter } from './access/audit-events';
export { ManagementEndpoint } from './access/management-endpoint';
export { managementEnvironment, type ManagementEnvironment } from './access/management-environment';
export { type ActuatorOptions, type BuildInfo } from './actuator-options';
export { ActuatorModule } from './actuator.module';
export { Health } from './health/health';
export { type HealthCheck, type HealthComponent, type HealthSource, type HealthStatus } from './health/health-source';
export { Lifecycle, type LifecycleState } from './lifecycle';
export { measureRequests } from './metrics/request-metrics';
