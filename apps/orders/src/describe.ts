import { printOpenApi, readEnvironment } from '@storefront/service';
import { OrdersEnvironment } from './orders.config';
import { ordersOptions, OrdersModule } from './orders.module';

const environment = readEnvironment(OrdersEnvironment);

void printOpenApi(OrdersModule.forEnvironment(environment), ordersOptions(environment));
