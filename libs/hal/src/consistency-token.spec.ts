import { knownVersions, tokenOf } from './consistency-token';
import { halItem } from './representation';

describe('a consistency token', () => {
  it('names relation, id and version of what was written', () => {
    const item = halItem({ rel: 'customer', path: '/customers/a%2Fb', content: {}, version: 4 });
    expect(tokenOf(item)).toBe('customer:a%2Fb:4');
    expect(knownVersions('customer:a%2Fb:4')).toEqual([{ rel: 'customer', id: 'a/b', version: 4 }]);
  });

  it('is not given for what has no version', () => {
    expect(tokenOf(halItem({ rel: 'product', path: '/products/1', content: {} }))).toBeUndefined();
  });

  it('may be one of several', () => {
    expect(knownVersions('customer:ada:4 ,fulfillment:9:1').map(({ id }) => id)).toEqual(['ada', '9']);
  });

  it.each([
    '',
    'customer',
    'customer:ada',
    'customer:ada:',
    'customer:ada:x',
    'customer:ada:-1',
    'a:b:c:1',
    'a:%E0:1',
    'a:b:1,',
  ])('is refused when it is %j', (header) => {
    expect(() => knownVersions(header)).toThrow(/^Consistency-Token: must be/);
  });

  it('is refused when there are too many', () => {
    expect(() => knownVersions(Array(11).fill('a:b:1').join(','))).toThrow('at most 10');
  });
});
