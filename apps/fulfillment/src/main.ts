import { KafkaConsumer, MessagingHealth, MessagingTasks } from '@storefront/messaging';
import { readEnvironment, startService } from '@storefront/service';
import { FulfillmentEnvironment } from './fulfillment.config';
import { FulfillmentModule } from './fulfillment.module';
import { fulfillmentApi } from './http/fulfillment.api';

const environment = readEnvironment(FulfillmentEnvironment);

void startService(FulfillmentModule.forEnvironment(environment), {
  name: 'fulfillment',
  api: fulfillmentApi,
  version: '0.1.0',
  environment,
  strategy: KafkaConsumer,
  health: MessagingHealth,
  scheduledTasks: MessagingTasks,
});
