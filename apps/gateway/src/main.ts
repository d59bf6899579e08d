import { readEnvironment, startService } from '@storefront/service';
import { GatewayEnvironment } from './gateway.config';
import { gatewayOptions, GatewayModule } from './gateway.module';

const environment = readEnvironment(GatewayEnvironment);

void startService(GatewayModule.forEnvironment(environment), gatewayOptions(environment));
