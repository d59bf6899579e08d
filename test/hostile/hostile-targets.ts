const large = (unit: string, characters: number) => unit.repeat(Math.floor(characters / unit.length));

/** Last segments of a path that no client means, below a collection. */
export const hostileSegments: readonly string[] = [
  '\\foo',
  '\\\\evil.example\\x',
  'a\\b',
  '%5Cfoo',
  '%5c%5cevil.example',
  '%',
  '%zz',
  '%2',
  '%00',
  'a%00b',
  '%0d%0aSet-Cookie:a=b',
  '%ED%A0%80',
  '%C0%AE%C0%AE',
  '%FF',
  '%F0%9F%98%80',
  '%2e%2e%2factuator%2fenv',
  '..%2f..',
  '..;',
  ';a=b',
  '\xff\xfe',
  '{}',
  '"\'<script>',
  '__proto__',
  'constructor',
  '%7B%22$gt%22:%22%22%7D',
  large('x', 500),
  large('x', 600),
  large('%41', 3_900),
  large('x', 10_000),
  large('a/', 3_900),
  large('a/', 10_000),
  large('%00', 3_000),
];

/** Queries of a page that no client means. */
export const hostileQueries: readonly string[] = [
  Array.from({ length: 5_000 }, (_, index) => `${index.toString(36)}=`)
    .join('&')
    .slice(0, 15_000),
  Array.from({ length: 600 }, (_, index) => `a${index}=1`)
    .join('&')
    .slice(0, 3_900),
  'page=1e308',
  'page=99999999999999999999',
  'page=2147483647&size=1000',
  'page=-1&size=-1',
  'size=999999999999',
  'size=1e9',
  'size=NaN',
  'page=1&page=2&size=1&size=2',
  'page[]=1&size[a]=b',
  `sort=${large('name.lastName,', 3_900)}desc`,
  large('sort=name.lastName&', 3_900),
  large('sort=status,desc&', 3_900),
  'sort=$where,asc&sort=__proto__,desc&sort=constructor',
  'sort=,,,,&sort=%00',
  '__proto__=1&constructor=2&toString=3',
  '%=%&%zz=%00&a=%ED%A0%80',
  large('%26', 3_900),
  large('?', 3_900),
  large('&', 3_900),
  large('=', 3_900),
];
