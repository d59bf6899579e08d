const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^@storefront/([^/]+)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/embedded/target', '<rootDir>/.storefront'],
};

// what needs openssl, a minute, or a small heap (a dump of it) is not for every run: `npm run test:long`.
// npm says which script runs; a variable set in the script itself would not work in cmd.exe
const isLongRun = process.env.npm_lifecycle_event === 'test:long';
const long = [
  '**/heap-dump.e2e-spec.ts',
  '**/test/security/*.e2e-spec.ts',
  '**/test/{environments,operations-pages}.e2e-spec.ts',
  '**/messaging/src/kafka/{access,login,rotation,token-renewal}.e2e-spec.ts',
  '**/publisher/sweep-cost.e2e-spec.ts',
];

module.exports = {
  maxWorkers: 2,
  // every file leaves its modules behind
  workerIdleMemoryLimit: '1GB',
  projects: [
    // no I/O: plain objects beside their code
    { ...common, displayName: 'unit', testMatch: ['**/*.spec.ts'] },
    // real Kafka and the real MongoDB protocol; the engines are started once for all files
    {
      ...common,
      displayName: 'e2e',
      testMatch: isLongRun ? long : ['**/*.e2e-spec.ts', ...long.map((glob) => `!${glob}`)],
      globalSetup: '<rootDir>/test/engines-setup.ts',
      globalTeardown: '<rootDir>/test/engines-teardown.ts',
      setupFilesAfterEnv: ['<rootDir>/test/e2e-timeouts.ts'],
    },
  ],
};
