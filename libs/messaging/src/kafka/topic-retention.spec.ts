import { retentionFrom } from './topic-retention';

describe('the retention of a topic', () => {
  const of = (values: Record<string, string>) =>
    retentionFrom(Object.entries(values).map(([configName, configValue]) => ({ configName, configValue })));

  it.each([
    [
      'deletes by time',
      { 'cleanup.policy': 'delete', 'retention.ms': '86400000' },
      { ms: 86_400_000, hasByteLimit: false },
    ],
    ['deletes by size too', { 'retention.ms': '1000', 'retention.bytes': '5000' }, { ms: 1_000, hasByteLimit: true }],
    [
      'keeps all',
      { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
      { hasByteLimit: false },
    ],
    ['only compacts', { 'cleanup.policy': 'compact', 'retention.ms': '1000' }, { hasByteLimit: false }],
    [
      'compacts and deletes',
      { 'cleanup.policy': 'compact,delete', 'retention.ms': '1' },
      { ms: 1, hasByteLimit: false },
    ],
    ['says nothing', {}, { hasByteLimit: false }],
  ])('that %s', (_, values, expected) => {
    expect(of(values)).toEqual(expected);
  });
});
