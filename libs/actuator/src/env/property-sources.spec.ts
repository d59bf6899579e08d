import { masked, secretsIn } from './masking';
import { propertyIn, propertySources } from './property-sources';

const secret = 's3cr3t-of-ours';
const variables = {
  MONGODB_URI: `mongodb://ann:${secret}@db:27017/orders?w=1`,
  MONGODB_URI_BACKUP: `mongodb+srv://ann:with/${secret}@x@db/orders`,
  REMOTE: `https://${secret}@host/path`,
  KAFKA_SASL_PASSWORD: secret,
  REGISTRY_TOKEN: secret,
  AWS_SECRET_ACCESS_KEY: secret,
  API_KEY: secret,
  apiKey: secret,
  SSL_KEYSTORE: secret,
  SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG: `Module required username="a" password="${secret}";`,
  SOMETHING_ELSE: `it is ${secret}, really`,
  QUERY: `https://host/?user=a&password=other-${secret}`,
  MANAGEMENT_PASSWORD_FILE: '/run/secrets/management',
  HOME: '/home/ann',
};
/** As the application read them: one of them from a file. */
const settings = {
  PORT: 8090,
  MONGODB_URI: variables.MONGODB_URI,
  MANAGEMENT_PASSWORD: `${secret}-filed`,
  GREETING: 'hello',
};
const fromFile = { ...variables, GREETING_FILE: '/run/greeting' };

describe('what is shown of the environment', () => {
  it('has no value unless told so', () => {
    const values = propertySources({ variables, settings, port: 1 }, false).flatMap(({ properties }) =>
      Object.values(properties).map(({ value }) => value),
    );
    expect(new Set(values)).toEqual(new Set(['******']));
  });

  it('never has a secret: not in URIs, not in texts, not from files', () => {
    const text = JSON.stringify(propertySources({ variables: fromFile, settings, port: 8090 }, true));
    expect(text).not.toContain(secret);
    expect(text).not.toContain('hello');
    expect(text).toContain('mongodb://ann:******@db:27017/orders?w=1');
    expect(text).toContain('/run/secrets/management');
    expect(text).toContain('/home/ann');
  });

  it('is found under the names that Spring finds it', () => {
    const sources = propertySources({ variables: { SERVER_PORT: '8085' }, settings, port: 8090 }, true);
    expect(sources.map((source) => propertyIn(source, 'server.port')?.value)).toEqual([
      '8090',
      undefined,
      '8085',
      undefined,
    ]);
  });
});

it.each([
  ['COMPASS', false],
  ['AUTHOR', true],
  ['MONKEYS', true],
  ['KAFKA_SASL_USERNAME', true],
])('a variable called %s keeps its value: %s', (name, isShown) => {
  expect(masked(name, 'plain') === 'plain').toBe(isShown);
});

it('knows the secrets by name and by place', () => {
  expect(
    secretsIn({ A_TOKEN: 'abcdefgh', URI: 'x://u:passpass@h', SHORT_TOKEN: 'abc', B_TOKEN_FILE: '/a/b/c' }),
  ).toEqual(new Set(['abcdefgh', 'passpass']));
});
