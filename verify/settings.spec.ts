import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeholderFaults, settingsFaults } from './settings';
import { settingsIn } from './version';

describe('placeholderFaults', () => {
  it.each([
    ['an issuer', 'issuer: https://issuer.example.com/', '.example'],
    ['a host', 'hosts: [shop.example]', '.example'],
    ['an account', 'newName: 111122223333.dkr.ecr.us-east-1.amazonaws.com/storefront/orders', '111122223333'],
    ['a project', 'us-central1-docker.pkg.dev/storefront-project/storefront', 'storefront-project'],
    ['something to change', 'bucket: change-me', 'change-me'],
    ['something of the reader', 'email: you@your-company.test', 'your-company'],
    ['a word in brackets', 'region: <REGION>', '<REGION>'],
  ])('tells %s', (_, line, found) => {
    expect(placeholderFaults('k8s/a.yaml', `kind: A\n${line}\n`)).toEqual([
      `k8s/a.yaml:2: ${found} is a placeholder; a setting in settings.env is expected`,
    ]);
  });

  it.each([
    ['settings', 'k8s/overlays/dev/settings.env', 'IMAGE_REGISTRY=registry.example.com'],
    ['an example to copy', 'infra/eks-msk/terraform.tfvars.example', 'region = "example-region-1"'],
    ['mocks', 'infra/eks-msk/tests/names.tftest.hcl', 'account_id = "111122223333"'],
    ['the name of an example', 'k8s/scripts/deploy.sh', 'as k8s/components/confluent-atlas/secrets.example.yaml shows'],
  ])('lets %s have them', (_, path, line) => {
    expect(placeholderFaults(path, line)).toEqual([]);
  });
});

describe('settingsFaults', () => {
  const env = '# Where the images are.\nIMAGE_REGISTRY=registry.example.com\n';
  const rendered =
    'image: registry.example.com/storefront/orders\nIMAGE_REGISTRY: registry.example.com\nenv:\n- name: IMAGE_REGISTRY\n';
  const page = '| `IMAGE_REGISTRY` | where |\n';

  it('accepts a setting that is explained and used', () => {
    expect(settingsFaults(env, rendered, page)).toEqual([]);
  });

  it.each([
    ['with a space', env.replace('.com\n', '.com \n'), rendered, page, 'IMAGE_REGISTRY has a space in it'],
    ['with a scheme', env.replace('=', '=https://'), rendered, page, 'IMAGE_REGISTRY has a scheme'],
    ['with a slash', env.replace('.com', '.com/'), rendered, page, 'IMAGE_REGISTRY has a scheme, or a slash'],
    ['without a comment', env.replace('#', '\n#').replace('.\n', '.\n\n'), rendered, page, 'has no comment above it'],
    ['that no page explains', env, rendered, '', 'docs/kubernetes.md does not explain IMAGE_REGISTRY'],
    ['that is not used', env, 'image: localhost/a\n', page, 'IMAGE_REGISTRY is used nowhere'],
    ['that was forgotten once', env, `${rendered}registry: IMAGE_REGISTRY\n`, page, 'does not arrive everywhere'],
    [
      'that was forgotten in a list',
      env,
      `${rendered}hosts:\n- IMAGE_REGISTRY/a\n`,
      page,
      'does not arrive everywhere',
    ],
  ])('tells one %s', (_, ...[text, yaml, table, fault]) => {
    expect(settingsFaults(text, yaml, table)).toContainEqual(expect.stringContaining(fault));
  });
});

describe('require_settings of k8s/scripts/environment.sh', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'storefront-settings-'));
    cpSync(join(__dirname, '../k8s/scripts'), join(folder, 'scripts'), { recursive: true });
    mkdirSync(join(folder, 'overlays/shop'), { recursive: true });
    writeFileSync(join(folder, 'overlays/shop/kustomization.yaml'), '');
    // in kubectl's place: what kustomize says of a setting whose line is gone
    const said =
      'fieldPath `data.JWT_ISSUER` is missing for replacement source ConfigMap.[noVer].[noGrp]/settings.[noNs]';
    writeFileSync(
      join(folder, 'kubectl'),
      `#!/bin/sh\ngrep -q JWT_ISSUER ${folder}/overlays/shop/settings.env && exit 0\necho 'Error: ${said}' >&2; exit 1\n`,
      { mode: 0o755 },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const asked = (settings: string) => {
    writeFileSync(join(folder, 'overlays/shop/settings.env'), settings);
    const script = `. "${folder}/scripts/environment.sh"; usage_or_overlay usage shop; require_settings; echo went on`;
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    // where nothing tells bash that another shell began it, it takes Node's pipe for a remote shell, and reads its settings
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euc', script], { env, encoding: 'utf8' });
    return { status, stdout, said: stderr.split('\n')[0] };
  };

  it('lets settings pass that are set', () => {
    const settings = '# a registry\nIMAGE_REGISTRY=ghcr.io/shop\n\n# an issuer\nJWT_ISSUER=https://login.shop.io/';
    expect(asked(settings)).toEqual({ status: 0, stdout: 'went on\n', said: '' });
  });

  const whole = 'IMAGE_REGISTRY=ghcr.io/shop\nJWT_ISSUER=https://login.shop.io/\n';
  it.each([
    ['empty', whole.replace('ghcr.io/shop', ''), 'IMAGE_REGISTRY is not set'],
    [
      'only named, which takes it from the environment',
      whole.replace('=ghcr.io/shop', ''),
      'IMAGE_REGISTRY is not set',
    ],
    [
      'an example',
      whole.replace('login.shop.io', 'issuer.Example.com'),
      "JWT_ISSUER still has the example's value, https://issuer.Example.com/",
    ],
    [
      'an example behind spaces',
      whole.replace('IMAGE_REGISTRY=ghcr.io/shop', '  IMAGE_REGISTRY=r.example'),
      "IMAGE_REGISTRY still has the example's value, r.example",
    ],
    [
      'in quotes',
      whole.replace('ghcr.io/shop', '"ghcr.io/shop"'),
      'IMAGE_REGISTRY is in quotes, which kustomize would take for a part of it: "ghcr.io/shop"',
    ],
    ['of spaces', whole.replace('ghcr.io/shop', '  '), 'IMAGE_REGISTRY is not set'],
    [
      'with a space at its end',
      whole.replace('shop\n', 'shop \n'),
      'IMAGE_REGISTRY has a space, a tab or a carriage return in it, or at its end',
    ],
    [
      'with the line ends of Windows',
      whole.replaceAll('\n', '\r\n'),
      'IMAGE_REGISTRY has a space, a tab or a carriage return in it, or at its end',
    ],
    [
      'a registry with a scheme',
      whole.replace('ghcr', 'https://ghcr'),
      'IMAGE_REGISTRY is a name without a scheme and without a slash at its end, not https://ghcr.io/shop',
    ],
    [
      'a registry with a slash at its end',
      whole.replace('shop\n', 'shop/\n'),
      'IMAGE_REGISTRY is a name without a scheme and without a slash at its end, not ghcr.io/shop/',
    ],
    [
      'unknown',
      `IMAGE_REGISTRI=ghcr.io/shop\n${whole}`,
      'IMAGE_REGISTRI is no setting; there are: IMAGE_REGISTRY AWS_REGION JWT_ISSUER JWT_JWKS_URI EDGE_HOST',
    ],
    ['gone', whole.replace(/JWT_ISSUER.*/, ''), 'JWT_ISSUER is not set'],
    ['a comment', whole.replace('JWT', '# JWT').replace('JWT_ISSUER', 'JWT'), 'JWT_ISSUER is not set'],
  ])('refuses one that is %s, and names it and its file', (_, settings, fault) => {
    expect(asked(settings)).toEqual({ status: 1, stdout: '', said: `k8s/overlays/shop/settings.env: ${fault}` });
  });

  it('gives the value of one, without what is around it', () => {
    writeFileSync(
      join(folder, 'overlays/shop/settings.env'),
      '# X=a\n  IMAGE_REGISTRY= ghcr.io/shop \r\nJWT_ISSUER=b\n',
    );
    const script = `. "${folder}/scripts/environment.sh"; usage_or_overlay usage shop; setting IMAGE_REGISTRY`;
    expect(spawnSync('bash', ['--norc', '-euc', script], { encoding: 'utf8' }).stdout).toBe('ghcr.io/shop\n');
  });

  it('knows the settings of every overlay', () => {
    const root = join(__dirname, '../k8s');
    const script = readFileSync(join(root, 'scripts/environment.sh'), 'utf8');
    const known = /^known_settings='(.*)'$/m.exec(script)?.[1]?.split(' ') ?? [];
    const asked = readdirSync(join(root, 'overlays')).flatMap((overlay) => [
      ...settingsIn(readFileSync(join(root, 'overlays', overlay, 'settings.env'), 'utf8')).keys(),
    ]);
    expect([...new Set(asked)].toSorted()).toEqual(known.toSorted());
  });
});
