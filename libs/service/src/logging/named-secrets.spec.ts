import { loggable } from './log-line';
import { withoutNamedSecrets } from './named-secrets';

const lineOf = (msg: string) => `${JSON.stringify({ level: 30, time: 1, msg })}\n`;
const shown = (msg: string) => (JSON.parse(withoutNamedSecrets(lineOf(msg))) as { msg: string }).msg;
const credentials = Buffer.from('ops:hunter2').toString('base64');

describe('a secret in a text that somebody else wrote', () => {
  it.each([
    ['unknown event type password=hunter2', 'unknown event type password=****'],
    ['unknown event type x?PASSWORD=hunter2&a=b', 'unknown event type x?PASSWORD=****&a=b'],
    ['MANAGEMENT_PASSWORD=hunter2', 'MANAGEMENT_PASSWORD=****'],
    ['sasl.password: hunter2, retry', 'sasl.password: ****, retry'],
    ['passwd = hunter2', 'passwd = ****'],
    ['{"password":"hunter2","a":1}', '{"password":"****","a":1}'],
    ['{"password":"ab,cd;e f","a":1}', '{"password":"****","a":1}'],
    ['{"password":";hunter2"}', '{"password":"****"}'],
    ['{"password":"hun"ter2"}', '{"password":"****"ter2"}'],
    ['{"password" : "hunter2"}', '{"password" : "****"}'],
    ["{'pwd':'hunter2'}", "{'pwd':'****'}"],
    ['client_secret=hunter2;api-key=hunter2', 'client_secret=****;api-key=****'],
    ['access_token=hunter2', 'access_token=****'],
    ['q=password%3Dhunter2', 'q=password%3D****'],
    [`Authorization: Basic ${credentials}`, 'Authorization: ****'],
    [`authorization=Bearer abc.def.ghi end`, 'authorization=**** end'],
    ['{"Authorization":"Token hunter2"}', '{"Authorization":"****"}'],
    [`sent Basic ${credentials}`, 'sent Basic ****'],
    ['sent bearer eyJhbGciOiJIUzI1NiJ9.e30.x', 'sent bearer ****'],
  ])('%s is not in the log', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    'set the password in MANAGEMENT_PASSWORD',
    'the password is wrong',
    'basic authentication is off, a bearer authorizes nobody',
    'Consistency-Token: customer:ada:4',
    "Unexpected token 'o', 'no JSON' is not valid JSON",
    'a secretary: Ada',
  ])('%s is none', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('is found in fields of the line too, which stays JSON', () => {
    const line =
      '{"level":30,"deep":{"er":{"password":"hunter2, \\"quoted\\" and \\\\","secret":null,"api_key":7}},"msg":"x"}\n';
    expect(JSON.parse(loggable(line))).toMatchObject({ deep: { er: { password: '****', secret: null, api_key: 7 } } });
  });

  it.each(['password=', 'authorization: a ', 'basic ', '"password":"', 'pwd\\"'])(
    'is looked for in time that grows with the length: a megabyte of %j',
    (part) => {
      const text = lineOf(part.repeat(1_000_000 / part.length));
      const begin = performance.now();
      expect(() => JSON.parse(withoutNamedSecrets(text)) as unknown).not.toThrow();
      // a quadratic expression takes minutes
      expect(performance.now() - begin).toBeLessThan(10_000);
    },
  );
});
