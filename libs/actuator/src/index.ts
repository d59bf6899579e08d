export { type ActuatorOptions } from './actuator-options';
export { ActuatorModule } from './actuator.module';
export { Health, type HealthReport } from './health';
export { type HealthComponent, type HealthSource, type HealthStatus } from './health-source';
export { Lifecycle, type LifecycleState } from './lifecycle';
export { ManagementEndpoint } from './management-endpoint';
export { MANAGEMENT_ENVIRONMENT, type ManagementEnvironment } from './management-environment';
export { ManagementGuard } from './management-guard';
export { measureRequests } from './request-metrics';
