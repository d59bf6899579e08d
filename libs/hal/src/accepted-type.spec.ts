import { acceptedType, acceptsProblemDetails, halType, jsonType, keptRanges } from './accepted-type';

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

describe('what is kept of headers that clients make up', () => {
  it('is bounded in bytes, whatever they send', () => {
    for (let index = 0; index < 1_000; index++) {
      const quality = `*/*;q=0.${1_000 + index}`;
      acceptedType(`${'a,'.repeat(8_000)}${quality}`);
      acceptedType(`${'a,'.repeat(120)}${quality}`);
    }
    const { headers, chars, ranges } = keptRanges();
    expect(headers).toBeLessThanOrEqual(100);
    expect(chars).toBeLessThanOrEqual(100 * 256);
    expect(ranges).toBeLessThanOrEqual(100 * 50);
  });

  it('is the same answer as before', () => {
    for (let time = 0; time < 2; time++) {
      expect(acceptedType('application/json;q=0.9, application/hal+json;q=0.8')).toBe(jsonType);
    }
  });

  it('is nothing of what comes after fifty ranges', () => {
    expect(acceptedType(`${'a/b,'.repeat(49)}application/json`)).toBe(jsonType);
    expect(acceptedType(`${'a/b,'.repeat(50)}application/json`)).toBeUndefined();
  });
});
