import { fulfillmentApi } from './fulfillment.api';

describe('the examples of the API', () => {
  it.each(fulfillmentApi.resources)('are what their schemas say: $item', ({ schema, example }) => {
    expect(schema.strict().parse(example)).toEqual(example);
  });
});
