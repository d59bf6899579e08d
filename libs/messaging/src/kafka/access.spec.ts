import { explained } from './access';
import type { KafkaSettings } from './kafka-settings';

const settings: KafkaSettings = { brokers: ['broker:9092'], ssl: false, sasl: undefined, sessionTimeoutMs: 10_000 };

describe('an error', () => {
  it.each([
    new Error('Connection timeout'),
    new TypeError("Cannot destructure property 'brokers' of '(intermediate value)' as it is null."),
    new RangeError('a defect of our own'),
  ])('is itself where it says nothing of rights: %p', (error) => {
    expect(explained(error, settings, undefined)).toBe(error);
  });

  it('is one also where something else was thrown', () => {
    expect(explained('gone', settings, undefined)).toEqual(new Error('gone'));
  });
});
