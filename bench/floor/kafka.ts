import { Kafka, logLevel } from 'kafkajs';
import { repairKafkajs } from '../../libs/messaging/src/kafka/kafkajs-repairs';

process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';
// a client that burns 2 % of a core while idle would make the floor higher than it is
repairKafkajs();

export const topic = 'floor.customer.change';

export const kafka = new Kafka({
  clientId: 'floor',
  brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
  logLevel: logLevel.NOTHING,
});
