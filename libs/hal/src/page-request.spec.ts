import { pageRequest } from './page-request';

describe('a page request', () => {
  it.each([
    [{}, { page: 0, size: 20 }],
    [
      { page: '3', size: '7' },
      { page: 3, size: 7 },
    ],
    [{ page: '-1' }, { page: 0, size: 20 }],
    [
      { page: 'abc', size: 'abc' },
      { page: 0, size: 20 },
    ],
    [
      { page: '1.5', size: '' },
      { page: 0, size: 20 },
    ],
    [{ size: '0' }, { page: 0, size: 20 }],
    [{ size: '-5' }, { page: 0, size: 20 }],
    [{ size: '1000' }, { page: 0, size: 1000 }],
    [{ size: '1001' }, { page: 0, size: 1000 }],
    [{ page: '99999999999' }, { page: 0, size: 20 }],
    [{ page: ['2', '3'] }, { page: 2, size: 20 }],
    [undefined, { page: 0, size: 20 }],
  ])('of %j is %j', (query, expected) => {
    expect(pageRequest(query)).toMatchObject(expected);
  });

  it.each([
    ['a', [['a', 'asc']]],
    ['a,desc', [['a', 'desc']]],
    ['a,DESC', [['a', 'desc']]],
    ['a.b,asc', [['a.b', 'asc']]],
    ['a,sideways', [['a', 'asc']]],
    ['a,desc,ignorecase', [['a', 'desc']]],
    ['a,asc,IgnoreCase', [['a', 'asc']]],
    ['a,ignorecase', [['a', 'asc']]],
    ['ignorecase', []],
    ['a,ignorecase,desc', [['a', 'desc']]],
    ['unknown', []],
    ['desc', []],
    ['', []],
    [
      'a,a.b,desc',
      [
        ['a', 'desc'],
        ['a.b', 'desc'],
      ],
    ],
    [
      ['a,desc', 'a.b'],
      [
        ['a', 'desc'],
        ['a.b', 'asc'],
      ],
    ],
  ])('sorts by %j as %j', (sort, expected) => {
    const { sort: sorts } = pageRequest({ sort }, ['a', 'a.b']);
    expect(sorts.map(({ property, direction }) => [property, direction])).toEqual(expected);
  });
});
