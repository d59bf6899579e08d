import { imageFaults, lockFaults, npmrcFaults, workflowFaults } from './supply-faults';

const digest = `sha256:${'a'.repeat(64)}`;
const commit = 'b'.repeat(40);

describe('lockFaults', () => {
  it('accepts entries with a checksum, and install scripts that were read', () => {
    const packages = {
      '': {},
      'node_modules/zod': { integrity: 'sha512-x' },
      'node_modules/esbuild': { integrity: 'sha512-x', hasInstallScript: true },
    };
    expect(lockFaults(packages)).toEqual([]);
  });

  it.each([
    [{ 'node_modules/a': {} }, 'node_modules/a: no integrity'],
    [{ 'node_modules/a': { integrity: 'sha1-x' } }, 'node_modules/a: no integrity'],
    [{ 'node_modules/a': { integrity: 'sha512-x', resolved: 'https://h/a.tgz' } }, 'names where it was downloaded'],
    [
      { 'node_modules/b/node_modules/a': { integrity: 'sha512-x', hasInstallScript: true } },
      'b/node_modules/a: has an install script',
    ],
    [{ 'node_modules/a': { integrity: 'sha512-x', engines: { node: '>=22' } } }, 'node_modules/a: npm would warn'],
  ])('finds the fault in %j', (packages, fault) => {
    expect(lockFaults(packages)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('npmrcFaults', () => {
  it('wants scripts to be ignored', () => {
    expect(npmrcFaults('fund=false\nignore-scripts=true\n')).toEqual([]);
    expect(npmrcFaults('fund=false\n')).toEqual(['.npmrc: ignore-scripts=true is expected']);
    expect(npmrcFaults('ignore-scripts=false\n')).toHaveLength(1);
  });
});

describe('workflowFaults', () => {
  it('accepts commits and stated permissions', () => {
    const text = `permissions:\n  contents: read\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@${commit} # v5\n`;
    expect(workflowFaults('ci.yml', text)).toEqual([]);
  });

  it('finds tags and missing permissions', () => {
    expect(workflowFaults('ci.yml', 'jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n')).toEqual([
      'ci.yml: no permissions; the token could do everything',
      'ci.yml: actions/checkout@v5 is not given by its commit',
    ]);
  });
});

describe('imageFaults', () => {
  it('accepts digests and images that are built here', () => {
    const built =
      '    image: ${IMAGE_REGISTRY:-localhost}/storefront/orders:local\n    image: localhost/storefront/orders\n';
    expect(imageFaults('compose.yaml', `    image: mongo:8.0@${digest}\n${built}`)).toEqual([]);
    expect(imageFaults('Dockerfile', `ARG RUN_IMAGE=a/b:c@${digest}\nFROM \${RUN_IMAGE} AS build\n`)).toEqual([]);
  });

  it.each([
    ['compose.yaml', '    image: mongo:8.0\n', 'mongo:8.0'],
    ['compose.yaml', '  BUILD_IMAGE: ${BUILD_IMAGE:-node:24}\n', 'node:24'],
    ['k8s/a.yaml', '        - image: mongo:8.0\n', 'mongo:8.0'],
    ['k8s/a.yaml', '          image: storefront/orders:0.1.0\n', 'storefront/orders:0.1.0'],
    ['Dockerfile', 'FROM node:24 AS build\n', 'node:24'],
    ['Dockerfile', 'ARG RUN_IMAGE=node:24\n', 'node:24'],
  ])('finds a tag in %s', (file, text, image) => {
    expect(imageFaults(file, text)).toEqual([`${file}: ${image} is not given by its digest`]);
  });
});
