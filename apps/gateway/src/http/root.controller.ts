import { Get } from '@nestjs/common';
import { HalController, halLinks, type HalLinks } from '@storefront/hal';

@HalController()
export class RootController {
  /** Where everything starts: the services, what is worth a look in them, and how they are. */
  @Get()
  root(): HalLinks {
    return halLinks({
      self: '/',
      accounts: '/accounts',
      orders: '/orders',
      fulfillment: '/fulfillment',
      customers: '/accounts/customers{?page,size,sort}',
      customerOrderses: '/orders/customerOrderses{?page,size,sort}',
      products: '/orders/products{?page,size}',
      fulfillments: '/fulfillment/fulfillments{?page,size,sort}',
      health: '/actuator/health',
      'accounts-health': '/accounts/actuator/health',
      'orders-health': '/orders/actuator/health',
      'fulfillment-health': '/fulfillment/actuator/health',
      docs: '/swagger-ui/',
      'accounts-docs': '/accounts/swagger-ui/',
      'orders-docs': '/orders/swagger-ui/',
      'fulfillment-docs': '/fulfillment/swagger-ui/',
    });
  }
}
