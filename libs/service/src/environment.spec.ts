import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EnvironmentFaults, readEnvironment, settingsNotRead } from './environment';
import { processEnvironment, serviceEnvironment } from './service-environment';
import { checkStoreEnvironment } from './store-settings';

const Environment = z.object(serviceEnvironment(8090));
const complete = { MONGODB_URI: 'mongodb://127.0.0.1/orders' };

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(Environment, environment);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentFaults) return error.faults;
    throw error;
  }
}

describe('the environment', () => {
  it('has defaults for all but the store', () => {
    const { TRUSTED_PROXIES, ALLOWED_HOSTS, ...others } = readEnvironment(Environment, complete);
    expect([TRUSTED_PROXIES, ALLOWED_HOSTS]).toEqual([['loopback'], []]);
    const rest = Object.entries(others).filter(([name]) => !name.includes('CORS_'));
    expect(Object.fromEntries(rest)).toEqual({
      ...complete,
      PORT: 8090,
      HOST: '0.0.0.0',
      HTTP_MAX_CONNECTIONS: 2_000,
      HTTP_MAX_HEADER_BYTES: 16_384,
      HTTP_REQUEST_TIMEOUT_MS: 30_000,
      HTTP_MAX_PAGE_BYTES: 4_194_304,
      HTTP_MAX_PAGES_BYTES: 33_554_432,
      HTTP_MAX_SUMMARIES: 4,
      LOG_LEVEL: 'info',
      SAMPLE_DATA: 'disabled',
      MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: '*',
      MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE: '',
      MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'when-authorized',
      MANAGEMENT_ENDPOINT_HEALTH_SHOW_COMPONENTS: 'always',
      MANAGEMENT_ENDPOINT_HEALTH_PROBES_ADD_ADDITIONAL_PATHS: 'false',
      MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES: 'never',
    });
  });

  it.each([
    [{ PORT: '1', SERVER_PORT: '2' }, 1],
    [{ SERVER_PORT: '2' }, 2],
    [{ PORT: '', SERVER_PORT: '2' }, 2],
    [{ PORT: '' }, 8080],
    [{ PORT: '0' }, 0],
  ])('takes the port from %j: %i', (environment, port) => {
    expect(readEnvironment(z.object(processEnvironment(8080)), environment).PORT).toBe(port);
  });

  it('takes levels in any case, and empty values as not set', () => {
    expect(
      readEnvironment(Environment, { ...complete, LOG_LEVEL: 'DEBUG', LOG_FORMAT: '', MANAGEMENT_PASSWORD: '' }),
    ).toMatchObject({ LOG_LEVEL: 'debug' });
  });

  it('says all that is wrong at once: what, what was given, what is expected', () => {
    expect(faultsOf({ PORT: 'abc', LOG_LEVEL: 'loud', LOG_FORMAT: 'xml', SAMPLE_DATA: 'yes' })).toEqual([
      "PORT is 'abc': a port number is expected, 0 (any free one) to 65535",
      "LOG_LEVEL is 'loud': one of fatal, error, warn, info, debug, trace, silent is expected",
      "LOG_FORMAT is 'xml': pretty or json is expected",
      expect.stringMatching(/^MONGODB_URI is not set: a MongoDB URI is expected/),
      "SAMPLE_DATA is 'yes': enabled or disabled is expected",
    ]);
  });

  it.each(['65536', '-1', '80.5', '8090x'])('knows no port %s', (port) => {
    expect(faultsOf({ ...complete, PORT: port })).toHaveLength(1);
  });

  it('does not say the values of secrets', () => {
    expect(faultsOf({ MONGODB_URI: 'mysql://user:secret@host' })).toEqual([expect.not.stringContaining('secret@')]);
  });
});

describe('a name of somebody else', () => {
  const Aliased = z.object({
    BROKERS: z
      .string()
      .optional()
      .meta({ alias: ['SPRING_KAFKA_BOOTSTRAP_SERVERS'] }),
    CHECK: z.string().default('https').meta({ alias: 'SPRING_KAFKA_PROPERTIES_CHECK', emptyCounts: true }),
  });

  it.each([
    'SPRING_KAFKA_BOOTSTRAP_SERVERS',
    'SPRING_KAFKA_BOOTSTRAP-SERVERS',
    'SPRING_KAFKA_BOOTSTRAPSERVERS',
    'spring.kafka.bootstrap-servers',
  ])('is found as Spring finds it: %s', (name) => {
    expect(readEnvironment(Aliased, { [name]: 'b:1' }).BROKERS).toBe('b:1');
  });

  it('is the one that a fault names', () => {
    expect(faultsOf({ ...complete, SERVER_PORT: 'x' })).toEqual([expect.stringMatching(/^SERVER_PORT is 'x': /)]);
  });

  it('may be empty where that means something', () => {
    const values = ['', undefined].map((value) => ({ SPRING_KAFKA_PROPERTIES_CHECK: value }));
    expect(values.map((environment) => readEnvironment(Aliased, environment).CHECK)).toEqual(['', 'https']);
  });

  it('is told of when nothing uses it', () => {
    const environment = { SPRING_KAFKA_PROPERTIES_CHECK: 'x', SPRING_KAFKA_PROPERTIES_LINGER_MS: '5', OTHER: 'x' };
    expect(settingsNotRead(readEnvironment(Aliased, environment))).toEqual(['SPRING_KAFKA_PROPERTIES_LINGER_MS']);
  });

  it.each([
    'MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS',
    'MANAGEMENT_ENDPOINT_HEALTH_SHOWDETAILS',
    'management.endpoint.health.show-details',
  ])('is found as Spring finds it: %s', (name) => {
    const read = readEnvironment(Environment, { ...complete, [name]: 'ALWAYS' });
    expect(read.MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS).toBe('always');
    expect(settingsNotRead(read)).toEqual([]);
  });

  it('of management is told of when nothing uses it, but not those that have a name in them', () => {
    const settings = {
      MANAGEMENT_ENDPOINTS_WEB_BASE_PATH: '/manage',
      MANAGEMENT_METRICS_TAGS_REGION: 'eu',
      MANAGEMENT_ENDPOINT_HEALTH_GROUP_SHOP_INCLUDE: 'mongo',
      MANAGEMENT_PASSWORD: '',
    };
    const read = readEnvironment(Environment, { ...complete, ...settings });
    expect(settingsNotRead(read)).toEqual(['MANAGEMENT_ENDPOINTS_WEB_BASE_PATH']);
  });
});

describe('the store', () => {
  const Store = Environment.superRefine(checkStoreEnvironment);
  const faults = (environment: Record<string, string>) => {
    try {
      readEnvironment(Store, environment);
      return [];
    } catch (error) {
      return error instanceof EnvironmentFaults ? error.faults : [String(error)];
    }
  };

  it('takes a user beside the URI, and Atlas\u2019 URIs as they are', () => {
    const atlas = 'mongodb+srv://orders:pa%40ss@cluster0.abcde.mongodb.net/orders?retryWrites=true';
    expect(faults({ MONGODB_URI: atlas })).toEqual([]);
    expect(faults({ ...complete, MONGODB_USERNAME: 'u', MONGODB_PASSWORD: 'p@:/' })).toEqual([]);
  });

  it.each([
    [{ MONGODB_USERNAME: 'u' }, /^MONGODB_PASSWORD is not set: /],
    [{ MONGODB_PASSWORD: 'p-secret' }, /^MONGODB_USERNAME is not set: /],
    [
      { MONGODB_URI: 'mongodb://u:s-secret@h/orders', MONGODB_USERNAME: 'u', MONGODB_PASSWORD: 'p-secret' },
      /^MONGODB_USERNAME is 'u': MONGODB_URI names a user already/,
    ],
    [{ MONGODB_URI: 'mongodb://u:a-secret@b@h:x/orders' }, /^MONGODB_URI is set, but wrong: it cannot be read/],
    [{ MONGODB_TLS_CA: 'no secret' }, /^MONGODB_TLS_CA is set, but wrong: a certificate as PEM is expected/],
  ])('wants credentials that are whole: %j', (environment, fault) => {
    const found = faults({ ...complete, ...environment });
    expect(found).toEqual([expect.stringMatching(fault)]);
    expect(found.join()).not.toContain('secret');
  });
});

describe('a value in a file', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'environment-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read from there', () => {
    const file = join(folder, 'uri');
    writeFileSync(file, 'mongodb://user:secret@host/db\n');
    expect(readEnvironment(Environment, { MONGODB_URI_FILE: file }).MONGODB_URI).toBe('mongodb://user:secret@host/db');
  });

  it('may not be given directly too', () => {
    expect(faultsOf({ ...complete, MONGODB_URI_FILE: join(folder, 'uri') })).toEqual([
      'MONGODB_URI and MONGODB_URI_FILE are both set: one of them is expected',
    ]);
  });

  it('must be there', () => {
    expect(faultsOf({ ...complete, MANAGEMENT_PASSWORD_FILE: join(folder, 'none') })).toEqual([
      expect.stringMatching(/^MANAGEMENT_PASSWORD_FILE is '.*none': the path of a file that can be read is expected/),
    ]);
  });
});
