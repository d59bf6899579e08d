import { canonicalId, type Product } from '@storefront/contracts';

/** A product with a price: what can be ordered. */
export type CatalogueProduct = Product & {
  readonly title: string;
  readonly description: string;
  readonly price: number;
};

export const productCatalogue: readonly CatalogueProduct[] = [
  widget('b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897', 'Blue', 'Brilliant', 1.99),
  widget('d01fde07-7c24-49c5-a5f1-bc2ce1f14c48', 'Red', 'Reliable', 3.99),
  widget('a9d5a5c7-4245-4b4e-b1c3-1d3968f36b2d', 'Yellow', 'Amazing', 5.99),
  widget('4efe33a1-722d-48c8-af8e-7879edcad2fa', 'Purple', 'Pretty', 7.99),
  widget('f3b9bdce-10d8-4c22-9861-27149879b3c1', 'Orange', 'Opulent', 9.99),
  widget('7f3c9c22-3c0a-47a5-9a92-2bd2e23f6e37', 'Green', 'Gorgeous', 11.99),
  widget('b506b962-fcfa-4ad6-a955-8859797edf16', 'Black', 'Beautiful', 13.99),
  widget('c8810c1d-b0ea-486b-acfa-7724bb70f5e6', 'White', 'Wonderful', 15.99),
];

/** Returns the product with this GUID, in whichever case it is written; undefined where there is none. */
export function productOf(guid: string): CatalogueProduct | undefined {
  const wanted = canonicalId(guid);
  return productCatalogue.find((product) => product.guid === wanted);
}

function widget(guid: string, colour: string, praise: string, price: number): CatalogueProduct {
  return { guid, title: `${colour} Widget`, description: `${praise} ${colour} Widget`, price };
}
