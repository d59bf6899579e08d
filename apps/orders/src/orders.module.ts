import { profileController, replicaVersions, type ReplicaVersions } from '@storefront/hal';
import { type DynamicModule, Module } from '@nestjs/common';
import { getConnectionToken, getModelToken, MongooseModule } from '@nestjs/mongoose';
import { micrometerTimer } from '@storefront/actuator';
import { consumedBy, fulfillmentRequests } from '@storefront/contracts';
import {
  AggregateStore,
  isStoreTrouble,
  KafkaConsumer,
  kafkaSettings,
  MessagingHealth,
  MessagingModule,
  MessagingTasks,
  parkingLimits,
  Publisher,
  ReplicaStore,
} from '@storefront/messaging';
import { OperatorEndpoint, type ServiceOptions, storeModule } from '@storefront/service';
import type { Connection, Model } from 'mongoose';
import { ApplyStatusChanges } from './application/apply-status-changes';
import { CreateSampleOrders } from './application/create-sample-orders';
import { DecideOrder } from './application/decide-order';
import { ForgoStatusChange } from './application/forgo-status-change';
import { FulfillApprovedOrders } from './application/fulfill-approved-orders';
import { FulfillOrder } from './application/fulfill-order';
import { PlaceOrder } from './application/place-order';
import { Reconciliation } from './domain/reconciliation';
import { ReplaceReports } from './application/replace-reports';
import { ReplicateCustomers } from './application/replicate-customers';
import { ViewCustomers } from './application/view-customers';
import { ViewOrders } from './application/view-orders';
import { ViewProducts } from './application/view-products';
import { Customers } from './domain/customers';
import { Orders } from './domain/orders';
import { CustomerChangedHandler } from './events/customer-changed.handler';
import { OrderStatusChangedHandler } from './events/order-status-changed.handler';
import { CustomerOrdersController } from './http/customer-orders.controller';
import { customerOrdersProfile } from './http/customer-orders.resource';
import { orderProfile } from './http/order.resource';
import { productProfile } from './http/product.resource';
import { CustomerSummaryController } from './http/customer-summary.controller';
import { OrderCommandsController } from './http/order-commands.controller';
import { ordersApi } from './http/orders.api';
import { OrdersController } from './http/orders.controller';
import { ProductsController } from './http/products.controller';
import { ReconciliationController } from './http/reconciliation.controller';
import { RootController } from './http/root.controller';
import { sampleDataEnabled } from './http/sample-data-enabled';
import { SampleOrdersController } from './http/sample-orders.controller';
import { StatusReportsController } from './http/status-reports.controller';
import type { OrdersEnvironment } from './orders.config';
import { customerDigest } from './storage/customer-digest';
import { customerModel } from './storage/customer.schema';
import { MongoCustomers } from './storage/mongo-customers';
import { MongoOrders } from './storage/mongo-orders';
import { MongoReconciliation } from './storage/mongo-reconciliation';
import { fulfillmentRequestDigest, statusHistoryDigest } from './storage/order-digests';
import { formerOrder, requestAgain } from './storage/order-document';
import { orderModel } from './storage/order.schema';
import { OrdersByStatus } from './storage/orders-by-status';

@Module({})
export class OrdersModule {
  static forEnvironment(environment: OrdersEnvironment): DynamicModule {
    return {
      module: OrdersModule,
      imports: [
        storeModule(environment, 'orders'),
        MongooseModule.forFeature([orderModel, customerModel]),
        MessagingModule.forRoot({
          service: 'orders',
          kafka: kafkaSettings(environment),
          owns: [fulfillmentRequests],
          consumes: consumedBy.orders,
          parking: parkingLimits(environment),
          managementEndpoint: OperatorEndpoint,
          timer: micrometerTimer,
          digests: [customerDigest, fulfillmentRequestDigest, statusHistoryDigest],
        }),
      ],
      controllers: [
        RootController,
        profileController([customerOrdersProfile, orderProfile, productProfile]),
        CustomerOrdersController,
        SampleOrdersController,
        CustomerSummaryController,
        OrdersController,
        OrderCommandsController,
        ProductsController,
        StatusReportsController,
        ReconciliationController,
        CustomerChangedHandler,
        OrderStatusChangedHandler,
      ],
      providers: [
        { provide: sampleDataEnabled, useValue: environment.SAMPLE_DATA === 'enabled' },
        {
          provide: Orders,
          inject: [getModelToken(orderModel.name), Publisher],
          useFactory: (model: Model<unknown>, publisher: Publisher) =>
            new MongoOrders(
              new AggregateStore(model.collection, publisher, {
                topic: fulfillmentRequests,
                recollection: formerOrder,
                history: requestAgain,
              }),
            ),
        },
        {
          provide: Customers,
          inject: [getModelToken(customerModel.name)],
          useFactory: (model: Model<unknown>) => new MongoCustomers(new ReplicaStore(model.collection)),
        },
        {
          provide: OrdersByStatus,
          inject: [getModelToken(orderModel.name)],
          useFactory: (model: Model<unknown>) => new OrdersByStatus(model),
        },
        {
          provide: replicaVersions,
          inject: [Customers, Orders],
          useFactory: (customers: Customers, orders: Orders): ReplicaVersions => ({
            customer: (id) => customers.versionOf(id),
            fulfillment: (guid) => orders.fulfillmentVersionOf(guid),
          }),
        },
        {
          provide: Reconciliation,
          inject: [getConnectionToken()],
          useFactory: (connection: Connection) => new MongoReconciliation(connection),
        },
        PlaceOrder,
        DecideOrder,
        FulfillOrder,
        ViewOrders,
        ViewCustomers,
        ViewProducts,
        ReplicateCustomers,
        ApplyStatusChanges,
        ForgoStatusChange,
        ReplaceReports,
        CreateSampleOrders,
        FulfillApprovedOrders,
      ],
    };
  }
}

export function ordersOptions(environment: OrdersEnvironment) {
  return {
    name: 'orders',
    api: ordersApi,
    environment,
    http: { impersonalPaths: ['/products'], isUnavailable: isStoreTrouble },
    strategy: KafkaConsumer,
    health: MessagingHealth,
    scheduledTasks: MessagingTasks,
  } satisfies ServiceOptions;
}
