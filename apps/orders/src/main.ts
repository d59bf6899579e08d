import { KafkaConsumer, MessagingHealth, MessagingTasks } from '@storefront/messaging';
import { readEnvironment, startService } from '@storefront/service';
import { OrdersEnvironment } from './orders.config';
import { OrdersModule } from './orders.module';
import { ordersApi } from './http/orders.api';

const environment = readEnvironment(OrdersEnvironment);

void startService(OrdersModule.forEnvironment(environment), {
  name: 'orders',
  api: ordersApi,
  version: '0.1.0',
  environment,
  strategy: KafkaConsumer,
  health: MessagingHealth,
  scheduledTasks: MessagingTasks,
});
