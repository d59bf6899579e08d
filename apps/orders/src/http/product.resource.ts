import { Product } from '@storefront/contracts';
import { type HalItem, halItem, type ResourceProfile } from '@storefront/hal';
import type { CatalogueProduct } from '../domain/product-catalogue';

/** A product of the catalogue as it is sent, without `_links`. */
export const ProductRepresentation = Product;

export const productProfile: ResourceProfile = {
  item: 'product',
  collection: 'products',
  schema: ProductRepresentation,
  operations: [],
};

export function productResource(product: CatalogueProduct): HalItem {
  return halItem({ rel: 'product', path: `/products/${product.guid}`, content: product });
}
