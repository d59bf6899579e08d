import type { OrderItem } from '@storefront/contracts';
import { productOf } from './product-catalogue';
import { UnknownProduct } from './unknown-product';

export interface OrderedItem {
  /** guid of a product in the catalogue */
  readonly product: string;
  readonly quantity: number;
}

/** The items with today's products and prices. Throws UnknownProduct. */
export function itemsFromCatalogue(ordered: readonly OrderedItem[]): OrderItem[] {
  const items = ordered.flatMap(({ product, quantity }) => {
    const known = productOf(product);
    return known ? [{ product: known, quantity }] : [];
  });
  if (items.length === ordered.length) return items;
  const unknown = ordered
    .map(({ product }, index) => ({ index, product }))
    .filter(({ product }) => !productOf(product));
  throw new UnknownProduct(unknown);
}
