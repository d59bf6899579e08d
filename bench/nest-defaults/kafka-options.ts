import { type KafkaOptions, Transport } from '@nestjs/microservices';

/** As the documentation shows them; from the beginning, or what was sent before the group's first commit would be lost. */
export function kafkaOptions(clientId: string): KafkaOptions {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  return {
    transport: Transport.KAFKA,
    options: { client: { clientId, brokers }, consumer: { groupId: clientId }, subscribe: { fromBeginning: true } },
  };
}
