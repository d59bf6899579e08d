import { ServiceClient, type ServiceName } from '@storefront/reconcile';
import type { GatewayEnvironment } from '../gateway.config';

/** The services' guarded endpoints, with the management credential that the gateway and the services share. */
export class ServiceAccess {
  readonly clients: Readonly<Record<ServiceName, ServiceClient>>;
  readonly hasCredential: boolean;
  /** What the names of this environment's topics begin with. */
  readonly topicPrefix: string;

  constructor(environment: GatewayEnvironment) {
    const { MANAGEMENT_USERNAME: username = '', MANAGEMENT_PASSWORD: password = '' } = environment;
    // the password is read at each request: it may have been rotated
    const client = (address: string) =>
      new ServiceClient({
        url: address.replace(/\/{1,9}$/, ''),
        username,
        get password() {
          return environment.MANAGEMENT_PASSWORD ?? '';
        },
      });
    this.topicPrefix = environment.KAFKA_TOPIC_PREFIX;
    this.hasCredential = username !== '' && password !== '';
    this.clients = {
      accounts: client(environment.ACCOUNTS_URL),
      orders: client(environment.ORDERS_URL),
      fulfillment: client(environment.FULFILLMENT_URL),
    };
  }
}
