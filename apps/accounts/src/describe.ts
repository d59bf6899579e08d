import { printOpenApi, readEnvironment } from '@storefront/service';
import { AccountsEnvironment } from './accounts.config';
import { accountsOptions, AccountsModule } from './accounts.module';

const environment = readEnvironment(AccountsEnvironment);

void printOpenApi(AccountsModule.forEnvironment(environment), accountsOptions(environment));
