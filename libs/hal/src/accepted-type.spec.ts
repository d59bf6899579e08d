import { acceptedType, acceptsProblemDetails, halType, jsonType } from './accepted-type';

describe('the type of an answer', () => {
  it.each([
    [undefined, halType],
    ['', halType],
    ['*/*', halType],
    ['application/*', halType],
    ['application/*+json', halType],
    ['application/*+xml', undefined],
    ['application/hal+json', halType],
    ['application/json', jsonType],
    ['application/json;charset=utf-8', jsonType],
    ['application/hal+json;q=0.5, application/json', jsonType],
    ['application/json;q=0.5, application/hal+json', halType],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', halType],
    ['application/problem+json', halType],
    ['application/json, application/problem+json', jsonType],
    ['text/html', undefined],
    ['application/xml', undefined],
    ['application/prs.hal-forms+json', undefined],
    ['application/json;q=0', undefined],
  ])('for Accept %s is %s', (accept, expected) => {
    expect(acceptedType(accept)).toBe(expected);
  });

  it.each([
    ['application/problem+json', true],
    ['application/json, Application/Problem+JSON', true],
    ['*/*', false],
    ['application/problem+json;q=0', false],
    [undefined, false],
  ])('Accept %s asks for problem details: %s', (accept, expected) => {
    expect(acceptsProblemDetails(accept)).toBe(expected);
  });
});
