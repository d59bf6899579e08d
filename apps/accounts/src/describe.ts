import { printOpenApi, readEnvironment } from '@storefront/service';
import { AccountsEnvironment } from './accounts.config';
import { AccountsModule } from './accounts.module';
import { accountsApi } from './http/accounts.api';

const environment = readEnvironment(AccountsEnvironment);

void printOpenApi(AccountsModule.forEnvironment(environment), {
  name: 'accounts',
  api: accountsApi,
  version: '0.1.0',
  environment,
});
