import { printOpenApi, readEnvironment } from '@storefront/service';
import { FulfillmentEnvironment } from './fulfillment.config';
import { fulfillmentOptions, FulfillmentModule } from './fulfillment.module';

const environment = readEnvironment(FulfillmentEnvironment);

void printOpenApi(FulfillmentModule.forEnvironment(environment), fulfillmentOptions(environment));
