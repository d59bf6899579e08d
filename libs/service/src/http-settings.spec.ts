import { z } from 'zod';
import { EnvironmentFaults, readEnvironment } from './environment';
import { httpEnvironment, serverLimits } from './http-settings';

const read = (environment: Record<string, string>) =>
  serverLimits(readEnvironment(z.object(httpEnvironment), environment));

it('has limits that fit a small pod by default', () => {
  expect(read({})).toEqual({ requestTimeoutMs: 30_000, maxConnections: 2_000, maxHeaderBytes: 16_384 });
});

it.each([
  [{ HTTP_REQUEST_TIMEOUT_MS: '5000' }, { requestTimeoutMs: 5_000 }],
  [{ 'server.tomcat.connection-timeout': '20s' }, { requestTimeoutMs: 20_000 }],
  [{ SERVER_TOMCAT_CONNECTION_TIMEOUT: 'PT1M' }, { requestTimeoutMs: 60_000 }],
  [{ SERVER_TOMCAT_CONNECTION_TIMEOUT: '20000' }, { requestTimeoutMs: 20_000 }],
  [{ HTTP_MAX_CONNECTIONS: '100' }, { maxConnections: 100 }],
  [{ SERVER_TOMCAT_MAX_CONNECTIONS: '8192' }, { maxConnections: 8_192 }],
  [{ HTTP_MAX_HEADER_BYTES: '8192' }, { maxHeaderBytes: 8_192 }],
  [{ 'server.max-http-request-header-size': '8KB' }, { maxHeaderBytes: 8_192 }],
])('%j is understood', (environment, expected) => {
  expect(read(environment)).toMatchObject(expected);
});

it.each([
  [{ HTTP_REQUEST_TIMEOUT_MS: '0' }, 'a time from 100 ms to 1 h'],
  [{ HTTP_REQUEST_TIMEOUT_MS: '-1' }, 'a time from 100 ms to 1 h'],
  [{ HTTP_REQUEST_TIMEOUT_MS: 'soon' }, 'a time from 100 ms to 1 h'],
  [{ HTTP_REQUEST_TIMEOUT_MS: '5 parsecs' }, 'a time from 100 ms to 1 h'],
  [{ HTTP_MAX_CONNECTIONS: '1' }, 'a number from 10'],
  [{ HTTP_MAX_HEADER_BYTES: '1GB' }, 'a size from 1 KB'],
])('%j is refused', (environment, fault) => {
  expect(() => read(environment)).toThrow(EnvironmentFaults);
  expect(() => read(environment)).toThrow(fault);
});
