import { KafkaJSProtocolError } from 'kafkajs';
import { isBeingCreated } from './topics';

const protocolError = (type: string) => Object.assign(new KafkaJSProtocolError(type), { type });

describe('isBeingCreated', () => {
  it.each(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'])('%s, also where it is the cause', (type) => {
    expect(isBeingCreated(protocolError(type))).toBe(true);
    expect(isBeingCreated(new Error('tried 3 times', { cause: protocolError(type) }))).toBe(true);
  });

  it.each([protocolError('TOPIC_AUTHORIZATION_FAILED'), new Error('connect ECONNREFUSED'), undefined])(
    'not %s',
    (error) => {
      expect(isBeingCreated(error)).toBe(false);
    },
  );
});
