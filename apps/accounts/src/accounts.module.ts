import { profileController } from '@storefront/hal';
import { type DynamicModule, Module } from '@nestjs/common';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import { micrometerTimer } from '@storefront/actuator';
import { customerChanges } from '@storefront/contracts';
import {
  AggregateStore,
  isStoreTrouble,
  KafkaConsumer,
  kafkaSettings,
  MessagingHealth,
  MessagingModule,
  MessagingTasks,
  nativeCollection,
  Publisher,
} from '@storefront/messaging';
import { OperatorEndpoint, type ServiceOptions, storeModule } from '@storefront/service';
import type { Model } from 'mongoose';
import type { AccountsEnvironment } from './accounts.config';
import { AmendCustomer } from './application/amend-customer';
import { CreateSampleCustomers } from './application/create-sample-customers';
import { DeleteCustomer } from './application/delete-customer';
import { RegisterCustomer } from './application/register-customer';
import { ReplaceCustomer } from './application/replace-customer';
import { ViewCustomers } from './application/view-customers';
import { cardKeys } from './domain/card-keys';
import { CardVault } from './domain/card-vault';
import { Customers } from './domain/customers';
import { accountsApi } from './http/accounts.api';
import { CustomerCommandsController } from './http/customer-commands.controller';
import { customerProfile } from './http/customer.resource';
import { CustomerSummaryController } from './http/customer-summary.controller';
import { CustomersController } from './http/customers.controller';
import { RootController } from './http/root.controller';
import { sampleDataEnabled } from './http/sample-data-enabled';
import { SampleCustomersController } from './http/sample-customers.controller';
import { ClearCardNumbers } from './storage/clear-card-numbers';
import { customerDigest } from './storage/customer-digest';
import { customerModel } from './storage/customer.schema';
import { customerSnapshot, MongoCustomers, registration } from './storage/mongo-customers';

@Module({})
export class AccountsModule {
  static forEnvironment(environment: AccountsEnvironment): DynamicModule {
    return {
      module: AccountsModule,
      imports: [
        storeModule(environment, 'accounts'),
        MongooseModule.forFeature([customerModel]),
        MessagingModule.forRoot({
          service: 'accounts',
          kafka: kafkaSettings(environment),
          owns: [customerChanges],
          managementEndpoint: OperatorEndpoint,
          timer: micrometerTimer,
          digests: [customerDigest],
        }),
      ],
      controllers: [
        RootController,
        profileController([customerProfile]),
        CustomerSummaryController,
        SampleCustomersController,
        CustomersController,
        CustomerCommandsController,
      ],
      providers: [
        { provide: sampleDataEnabled, useValue: environment.SAMPLE_DATA === 'enabled' },
        {
          provide: Customers,
          inject: [getModelToken(customerModel.name), Publisher, CardVault],
          useFactory: (model: Model<unknown>, publisher: Publisher, vault: CardVault) =>
            new MongoCustomers(
              new AggregateStore(model.collection, publisher, {
                topic: customerChanges,
                snapshot: customerSnapshot,
                recollection: registration,
              }),
              vault,
            ),
        },
        { provide: CardVault, useValue: cardVault(environment) },
        {
          provide: ClearCardNumbers,
          inject: [getModelToken(customerModel.name), CardVault],
          useFactory: (model: Model<unknown>, vault: CardVault) =>
            new ClearCardNumbers(() => nativeCollection(model.collection), vault),
        },
        RegisterCustomer,
        ReplaceCustomer,
        AmendCustomer,
        DeleteCustomer,
        ViewCustomers,
        CreateSampleCustomers,
      ],
    };
  }
}

function cardVault({ CARD_NUMBERS, CARD_NUMBERS_KEY }: AccountsEnvironment): CardVault {
  return new CardVault(CARD_NUMBERS_KEY === undefined ? [] : cardKeys(CARD_NUMBERS_KEY), CARD_NUMBERS);
}

export function accountsOptions(environment: AccountsEnvironment) {
  return {
    name: 'accounts',
    api: accountsApi,
    environment,
    http: { requireIfMatch: environment.REQUIRE_IF_MATCH === 'enabled', isUnavailable: isStoreTrouble },
    strategy: KafkaConsumer,
    health: MessagingHealth,
    scheduledTasks: MessagingTasks,
  } satisfies ServiceOptions;
}
