import { KafkaConsumer, MessagingHealth, MessagingTasks, Repairs } from '@storefront/messaging';
import { readEnvironment, startService } from '@storefront/service';
import { AccountsEnvironment } from './accounts.config';
import { AccountsModule } from './accounts.module';

const environment = readEnvironment(AccountsEnvironment);

void startService(AccountsModule.forEnvironment(environment), {
  name: 'accounts',
  title: 'Storefront Demo - Accounts API',
  version: '0.1.0',
  environment,
  http: { requireIfMatch: environment.REQUIRE_IF_MATCH === 'enabled' },
  strategy: KafkaConsumer,
  health: MessagingHealth,
  scheduledTasks: MessagingTasks,
  repairs: Repairs,
});
