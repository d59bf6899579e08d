import { readEnvironment, startService } from '@storefront/service';
import { FulfillmentEnvironment } from './fulfillment.config';
import { fulfillmentOptions, FulfillmentModule } from './fulfillment.module';

const environment = readEnvironment(FulfillmentEnvironment);

void startService(FulfillmentModule.forEnvironment(environment), fulfillmentOptions(environment));
