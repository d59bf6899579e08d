import { explained } from './access';
import type { KafkaSettings } from './kafka-settings';

const settings: KafkaSettings = { brokers: ['broker:9092'], ssl: false, sasl: undefined, sessionTimeoutMs: 10_000 };

describe('an error of kafkajs', () => {
  it('is told in words where kafkajs trips over the answer that it has not got', () => {
    // describeCluster, with metadata in hand, when no connection answers any more
    const error = new TypeError("Cannot destructure property 'brokers' of '(intermediate value)' as it is null.");
    expect(explained(error, settings, undefined)).toMatchObject({ message: 'no broker answers', cause: error });
  });

  it('is itself where it says what happened', () => {
    const error = new Error('Connection timeout');
    expect(explained(error, settings, undefined)).toBe(error);
  });
});
