import { itemsFromCatalogue } from './ordered-items';
import { productCatalogue } from './product-catalogue';
import { UnknownProduct } from './unknown-product';

const blue = 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897';

describe('ordered items', () => {
  it('have the product as it is in the catalogue now', () => {
    expect(itemsFromCatalogue([{ product: blue, quantity: 3 }])).toEqual([
      {
        product: { guid: blue, title: 'Blue Widget', description: 'Brilliant Blue Widget', price: 1.99 },
        quantity: 3,
      },
    ]);
  });

  it('are refused with every product that is not in the catalogue', () => {
    const ordered = ['x', blue, 'y'].map((product) => ({ product, quantity: 1 }));
    const order = () => itemsFromCatalogue(ordered);
    expect(order).toThrow(UnknownProduct);
    expect(order).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        errors: [
          { field: 'items[0].product', message: 'there is no product x' },
          { field: 'items[2].product', message: 'there is no product y' },
        ],
      }),
    );
  });

  it('come from eight widgets', () => {
    expect(productCatalogue.map(({ title, price }) => `${title} ${price}`)).toEqual([
      'Blue Widget 1.99',
      'Red Widget 3.99',
      'Yellow Widget 5.99',
      'Purple Widget 7.99',
      'Orange Widget 9.99',
      'Green Widget 11.99',
      'Black Widget 13.99',
      'White Widget 15.99',
    ]);
  });
});
