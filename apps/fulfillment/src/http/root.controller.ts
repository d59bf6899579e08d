import { Get } from '@nestjs/common';
import { HalController, halLinks, type HalLinks } from '@storefront/hal';

@HalController()
export class RootController {
  @Get()
  root(): HalLinks {
    return halLinks({
      fulfillments: '/fulfillments{?page,size,sort}',
      profile: '/profile',
      fulfillment: '/fulfillments/{guid}',
    });
  }
}
