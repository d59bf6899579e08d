import { bearerTokens, renewed } from './bearer-tokens';

describe('tokens', () => {
  let now = 0;
  const clock = () => now;

  beforeEach(() => {
    now = 0;
  });

  function issuing(lifetimeMs: number) {
    let given = 0;
    const issuer = { failing: false, given: () => given };
    const provider = renewed(async () => {
      if (issuer.failing) throw new Error('no token today');
      return { value: `token ${++given}`, lifetimeMs };
    }, clock);
    return { issuer, provider };
  }

  it('are shared while they are good for 30 s more', async () => {
    const { issuer, provider } = issuing(900_000);
    const values = await Promise.all([provider(), provider()]);
    now = 869_999;
    values.push(await provider());
    expect(values.map(({ value }) => value)).toEqual(['token 1', 'token 1', 'token 1']);
    now = 870_000;
    expect([(await provider()).value, issuer.given()]).toEqual(['token 2', 2]);
  });

  it('are used until they end when no other can be had', async () => {
    const { issuer, provider } = issuing(40_000);
    await provider();
    issuer.failing = true;
    now = 39_999;
    expect((await provider()).value).toBe('token 1');
    now = 40_000;
    await expect(provider()).rejects.toThrow('no token today');
    issuer.failing = false;
    expect((await provider()).value).toBe('token 2');
  });
});

describe('tokens for MSK', () => {
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-5ecret' };

  beforeEach(() => Object.assign(process.env, credentials));
  afterEach(() => Object.keys(credentials).forEach((name) => delete process.env[name]));

  it('are signed requests of this region, without the secret', async () => {
    const { value } = await bearerTokens({ mechanism: 'AWS_MSK_IAM', region: 'eu-west-1' })();
    const request = new URL(Buffer.from(value, 'base64url').toString());
    expect(request.host).toBe('kafka.eu-west-1.amazonaws.com');
    expect(request.searchParams.get('Action')).toBe('kafka-cluster:Connect');
    expect(request.searchParams.get('X-Amz-Credential')).toMatch(/^AKIAEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster/);
    expect(request.href).not.toContain('5ecret');
  });
});
