import { ordersApi } from './orders.api';

describe('the examples of the API', () => {
  it.each(ordersApi.resources)('are what their schemas say: $item', ({ schema, example }) => {
    expect(schema.strict().parse(example)).toEqual(example);
  });
});
