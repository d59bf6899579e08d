import { accountsApi } from './accounts.api';

describe('the examples of the API', () => {
  it.each(accountsApi.resources)('are what their schemas say: $item', ({ schema, example }) => {
    expect(schema.strict().parse(example)).toEqual(example);
  });
});
