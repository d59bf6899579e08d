export { build } from './build-info';
export { EnvironmentFaults, readEnvironment } from './environment';
export { httpAdapter } from './http-adapter';
export { type ProcessEnvironment, processEnvironment, serviceEnvironment } from './service-environment';
export { OperatorEndpoint } from './operator-endpoint';
export { createService, listenService, printOpenApi, type ServiceOptions, startService } from './start-service';
export { storeModule } from './store-module';
export { checkStoreEnvironment, type StoreEnvironment } from './store-settings';
