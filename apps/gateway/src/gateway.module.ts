import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceOptions } from '@storefront/service';
import type { GatewayEnvironment } from './gateway.config';
import { ApiDocsController } from './http/api-docs.controller';
import { ServiceApiDocuments } from './http/service-apis';
import { Forwarder } from './http/forwarder';
import { ReconcileController } from './http/reconcile.controller';
import { RootController } from './http/root.controller';
import { ServicesController } from './http/services.controller';
import { ScheduledReconciliation } from './reconciliation/scheduled-reconciliation';
import { ServiceAccess } from './reconciliation/service-access';

/** One address for the three services, by prefix. It knows their URLs and nothing else of them. */
@Module({})
export class GatewayModule {
  static forEnvironment(environment: GatewayEnvironment): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [RootController, ApiDocsController, ServicesController, ReconcileController],
      providers: [
        { provide: ServiceApiDocuments, useFactory: () => new ServiceApiDocuments(environment) },
        { provide: ServiceAccess, useFactory: () => new ServiceAccess(environment) },
        {
          provide: ScheduledReconciliation,
          inject: [ServiceAccess],
          useFactory: (services: ServiceAccess) =>
            new ScheduledReconciliation(services, {
              intervalMs: environment.RECONCILE_INTERVAL_MS,
              repair: environment.RECONCILE_REPAIR === 'enabled',
            }),
        },
        { provide: Forwarder, useFactory: () => new Forwarder(environment) },
      ],
    };
  }
}

export function gatewayOptions(environment: GatewayEnvironment): ServiceOptions {
  return {
    name: 'gateway',
    environment,
    apiDocs: '../v3/api-docs',
    http: {
      bodies: 'stream',
      errors: 'problem-details',
      // a service that hangs, and holds the bodies it was sent, takes no room from the others
      shareOfBody: ({ routeOptions: { url = '' } }) => url.split('/')[1] ?? '',
    },
    guardedApart: environment.GATEWAY_PUBLIC_MANAGEMENT === 'disabled',
  };
}
