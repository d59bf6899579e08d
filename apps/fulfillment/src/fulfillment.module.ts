import { profileController } from '@storefront/hal';
import { type DynamicModule, Module } from '@nestjs/common';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import { micrometerTimer } from '@storefront/actuator';
import { consumedBy, orderStatusChanges } from '@storefront/contracts';
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
} from '@storefront/messaging';
import { OperatorEndpoint, type ServiceOptions, storeModule } from '@storefront/service';
import type { Model } from 'mongoose';
import { AcceptFulfillmentRequests } from './application/accept-fulfillment-requests';
import { AdoptRequests } from './application/adopt-requests';
import { AdvanceAllFulfillments } from './application/advance-all-fulfillments';
import { AdvanceFulfillment } from './application/advance-fulfillment';
import { AwaitRequests } from './application/await-requests';
import { ViewFulfillments } from './application/view-fulfillments';
import { ViewReports } from './application/view-reports';
import { Fulfillments } from './domain/fulfillments';
import { FulfillmentRequestedHandler } from './events/fulfillment-requested.handler';
import type { FulfillmentEnvironment } from './fulfillment.config';
import { fulfillmentApi } from './http/fulfillment.api';
import { FulfillmentCommandsController } from './http/fulfillment-commands.controller';
import { fulfillmentProfile } from './http/fulfillment.resource';
import { FulfillmentRequestsController } from './http/fulfillment-requests.controller';
import { FulfillmentSummaryController } from './http/fulfillment-summary.controller';
import { FulfillmentsController } from './http/fulfillments.controller';
import { RootController } from './http/root.controller';
import { sampleDataEnabled } from './http/sample-data-enabled';
import { SampleFulfillmentsController } from './http/sample-fulfillments.controller';
import { formerFulfillment } from './storage/fulfillment-document';
import { fulfillmentRequestDigest, statusHistoryDigest } from './storage/fulfillment-digests';
import { fulfillmentModel } from './storage/fulfillment.schema';
import { MongoFulfillments, reportsAgain } from './storage/mongo-fulfillments';

@Module({})
export class FulfillmentModule {
  static forEnvironment(environment: FulfillmentEnvironment): DynamicModule {
    return {
      module: FulfillmentModule,
      imports: [
        storeModule(environment, 'fulfillment'),
        MongooseModule.forFeature([fulfillmentModel]),
        MessagingModule.forRoot({
          service: 'fulfillment',
          kafka: kafkaSettings(environment),
          owns: [orderStatusChanges],
          consumes: consumedBy.fulfillment,
          parking: parkingLimits(environment),
          managementEndpoint: OperatorEndpoint,
          timer: micrometerTimer,
          digests: [fulfillmentRequestDigest, statusHistoryDigest],
        }),
      ],
      controllers: [
        RootController,
        profileController([fulfillmentProfile]),
        FulfillmentSummaryController,
        SampleFulfillmentsController,
        FulfillmentsController,
        FulfillmentCommandsController,
        FulfillmentRequestsController,
        FulfillmentRequestedHandler,
      ],
      providers: [
        { provide: sampleDataEnabled, useValue: environment.SAMPLE_DATA === 'enabled' },
        {
          provide: Fulfillments,
          inject: [getModelToken(fulfillmentModel.name), Publisher],
          useFactory: (model: Model<unknown>, publisher: Publisher) =>
            new MongoFulfillments(
              new AggregateStore(model.collection, publisher, {
                topic: orderStatusChanges,
                recollection: formerFulfillment,
                history: reportsAgain,
              }),
            ),
        },
        AcceptFulfillmentRequests,
        AdvanceFulfillment,
        AdvanceAllFulfillments,
        AdoptRequests,
        AwaitRequests,
        ViewReports,
        ViewFulfillments,
      ],
    };
  }
}

export function fulfillmentOptions(environment: FulfillmentEnvironment) {
  return {
    name: 'fulfillment',
    api: fulfillmentApi,
    environment,
    http: { isUnavailable: isStoreTrouble },
    strategy: KafkaConsumer,
    health: MessagingHealth,
    scheduledTasks: MessagingTasks,
  } satisfies ServiceOptions;
}
