import { Product } from '@storefront/contracts';
import { type HalItem, halItem } from '@storefront/hal';
import type { CatalogueProduct } from '../domain/product-catalogue';

/** A product of the catalogue as it is sent, without `_links`. */
export const ProductRepresentation = Product;

export function productResource(product: CatalogueProduct): HalItem {
  return halItem({ rel: 'product', path: `/products/${product.guid}`, content: product });
}
