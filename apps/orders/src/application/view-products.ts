import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../domain/page';
import { type CatalogueProduct, productCatalogue, productOf } from '../domain/product-catalogue';
import { ProductNotFound } from '../domain/product-not-found';

@Injectable()
export class ViewProducts {
  page({ page, size }: PageRequest): { items: readonly CatalogueProduct[]; totalElements: number } {
    return { items: productCatalogue.slice(page * size, (page + 1) * size), totalElements: productCatalogue.length };
  }

  one(guid: string): CatalogueProduct {
    const product = productOf(guid);
    if (!product) throw new ProductNotFound(guid);
    return product;
  }
}
