import { type HalItem, halItem } from '@storefront/hal';
import type { CatalogueProduct } from '../domain/product-catalogue';

export function productResource(product: CatalogueProduct): HalItem {
  return halItem({ rel: 'product', path: `/products/${product.guid}`, content: product });
}
