import { canonicalId, canonicalPath } from './canonical-id';

describe('an id', () => {
  it.each([
    ['B5EFD4A0-4EB9-4AD0-BC9E-2F5542CBE897', 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897'],
    ['b5efd4a0-4eB9-4ad0-bc9e-2f5542cbe897', 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897'],
    ['6B00FD16738D8201E1471E45', '6b00fd16738d8201e1471e45'],
  ])('of hexadecimal digits is spelled in lower case: %s', (id, canonical) => {
    expect(canonicalId(id)).toBe(canonical);
  });

  it.each([
    'Ada',
    '',
    '6B00FD16738D8201E1471E4',
    '6B00FD16738D8201E1471E4G',
    'B5EFD4A04EB94AD0BC9E2F5542CBE897',
    'B5EFD4A0-4EB9-4AD0-BC9E-2F5542CBE89G',
    'B5EFD4A0-4EB94-AD0-BC9E-2F5542CBE897',
  ])('of another form stays as it is: %s', (id) => {
    expect(canonicalId(id)).toBe(id);
  });
});

describe('a path', () => {
  it.each([
    ['/orders/B5EFD4A0-4EB9-4AD0-BC9E-2F5542CBE897', '/orders/b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897'],
    ['/customers/6B00FD16738D8201E1471E45/orders?Page=A', '/customers/6b00fd16738d8201e1471e45/orders?Page=A'],
    [
      '/customers/Ada?id=6B00FD16738D8201E1471E45#6B00FD16738D8201E1471E45',
      '/customers/Ada?id=6B00FD16738D8201E1471E45#6B00FD16738D8201E1471E45',
    ],
    ['/', '/'],
    ['', ''],
  ])('has its ids spelled as ids are: %s', (url, canonical) => {
    expect(canonicalPath(url)).toBe(canonical);
  });
});
