import { authorized, credential, startThings } from '../../test/things-app';

it('a heap dump is a snapshot that developer tools read, one at a time', async () => {
  const things = await startThings({ ...credential, MANAGEMENT_ENDPOINT_HEAPDUMP_ENABLED: 'true' });
  await things.app.listen(0, '127.0.0.1');
  const url = `${await things.app.getUrl()}/actuator/heapdump`;
  const dump = await fetch(url, { headers: authorized });
  expect([dump.status, dump.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
  expect(dump.headers.get('content-disposition')).toMatch(/filename="heapdump-.*\.heapsnapshot"/);
  expect((await fetch(url, { headers: authorized })).status).toBe(429);
  const reader = dump.body?.getReader();
  const first = await reader?.read();
  expect(
    Buffer.from(first?.value ?? [])
      .toString()
      .slice(0, 12),
  ).toBe('{"snapshot":');
  await reader?.cancel();
  await things.app.close();
});
