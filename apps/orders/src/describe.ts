import { printOpenApi, readEnvironment } from '@storefront/service';
import { OrdersEnvironment } from './orders.config';
import { OrdersModule } from './orders.module';
import { ordersApi } from './http/orders.api';

const environment = readEnvironment(OrdersEnvironment);

void printOpenApi(OrdersModule.forEnvironment(environment), {
  name: 'orders',
  api: ordersApi,
  version: '0.1.0',
  environment,
});
