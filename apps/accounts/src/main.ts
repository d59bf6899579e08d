import { readEnvironment, startService } from '@storefront/service';
import { AccountsEnvironment } from './accounts.config';
import { accountsOptions, AccountsModule } from './accounts.module';

const environment = readEnvironment(AccountsEnvironment);

void startService(AccountsModule.forEnvironment(environment), accountsOptions(environment));
