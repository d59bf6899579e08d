import { Get, Param, Query, UseFilters } from '@nestjs/common';
import { HalController, type HalItem, type HalPage, halPage, pageRequest, ProblemDetailsFilter } from '@storefront/hal';
import { ViewProducts } from '../application/view-products';
import { productResource } from './product.resource';

@HalController('products')
@UseFilters(ProblemDetailsFilter)
export class ProductsController {
  constructor(private readonly products: ViewProducts) {}

  @Get()
  page(@Query() query: unknown): HalPage {
    const request = pageRequest(query);
    const { items, totalElements } = this.products.page(request);
    return halPage({ rel: 'products', items: items.map(productResource), totalElements, request });
  }

  @Get(':guid')
  one(@Param('guid') guid: string): HalItem {
    return productResource(this.products.one(guid));
  }
}
