import { KafkaConsumer, MessagingHealth, MessagingTasks } from '@storefront/messaging';
import { readEnvironment, startService } from '@storefront/service';
import { AccountsEnvironment } from './accounts.config';
import { AccountsModule } from './accounts.module';
import { accountsApi } from './http/accounts.api';

const environment = readEnvironment(AccountsEnvironment);

void startService(AccountsModule.forEnvironment(environment), {
  name: 'accounts',
  api: accountsApi,
  version: '0.1.0',
  environment,
  http: { requireIfMatch: environment.REQUIRE_IF_MATCH === 'enabled' },
  strategy: KafkaConsumer,
  health: MessagingHealth,
  scheduledTasks: MessagingTasks,
});
