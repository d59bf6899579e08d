import { KnownRoutes } from './known-routes';

const hal = { url: '', config: { hal: true } } as const;

function routes(): KnownRoutes {
  const known = new KnownRoutes();
  for (const url of ['/customers', '/customers/:id', '/customers/:id/orders/:guid'])
    known.add({ url, method: ['GET', 'HEAD'], config: { ...hal.config } });
  return known;
}

it('what comes after an item belongs to its resource', () => {
  expect(routes().unrouted('/customers/ada/name')).toEqual({ allowed: [], isHal: true, isOurs: false });
  expect(routes().unrouted('/nothing/ada/name')).toEqual({ allowed: [], isHal: false, isOurs: false });
});

it('looks at no more of a path than its deepest route has segments', () => {
  const known = routes();
  const matched = jest.spyOn(known as unknown as { match: (path: string) => unknown }, 'match');
  expect(known.unrouted(`/customers/ada${'/a'.repeat(8_000)}`)).toMatchObject({ isHal: true });
  expect(matched.mock.calls.length).toBeLessThanOrEqual(5);
});
