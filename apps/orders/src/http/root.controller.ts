import { Get } from '@nestjs/common';
import { HalController, halLinks, type HalLinks } from '@storefront/hal';

@HalController()
export class RootController {
  @Get()
  root(): HalLinks {
    return halLinks({
      customerOrderses: '/customerOrderses{?page,size,sort}',
      profile: '/profile',
      order: '/orders/{guid}',
      orders: '/customers/{customerId}/orders{?page,size,sort}',
      products: '/products{?page,size}',
      summary: '/customers/summary{?page,size}',
    });
  }
}
