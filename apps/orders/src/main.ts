import { readEnvironment, startService } from '@storefront/service';
import { OrdersEnvironment } from './orders.config';
import { ordersOptions, OrdersModule } from './orders.module';

const environment = readEnvironment(OrdersEnvironment);

void startService(OrdersModule.forEnvironment(environment), ordersOptions(environment));
