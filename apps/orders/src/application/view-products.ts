import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '../domain/page';
import { type CatalogueProduct, productCatalogue, productOf } from '../domain/product-catalogue';
import { ProductNotFound } from '../domain/product-not-found';

@Injectable()
export class ViewProducts {
  page({ page, size }: PageRequest): Page<CatalogueProduct> {
    return { items: productCatalogue.slice(page * size, (page + 1) * size), totalElements: productCatalogue.length };
  }

  one(guid: string): CatalogueProduct {
    const product = productOf(guid);
    if (!product) throw new ProductNotFound(guid);
    return product;
  }
}
