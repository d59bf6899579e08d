import { acceptable, actuatorV2, actuatorV3 } from './media-types';

describe('the type of an answer', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, actuatorV3],
    ['', actuatorV3],
    ['*/*', actuatorV3],
    ['application/*', actuatorV3],
    ['application/*+json', actuatorV3],
    ['application/json', 'application/json'],
    ['application/json;charset=UTF-8', 'application/json'],
    [`${actuatorV2}, application/json;q=0.9`, actuatorV2],
    [`application/json;q=0.5, ${actuatorV2};q=0.8`, actuatorV2],
    ['text/html, */*;q=0.8', actuatorV3],
    [`${actuatorV3};q=0, */*`, actuatorV2],
    ['application/hal+json', 'application/hal+json'],
    ['application/hal+json, application/json', 'application/json'],
    ['text/html', undefined],
    ['application/xml', undefined],
  ])('for Accept %j is %s', (accept, type) => {
    expect(acceptable(accept)).toBe(type);
  });
});
