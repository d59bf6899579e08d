import { BrokerWire } from '../../../test/system/broker-wire';
import { settings } from './harness';

/** Appends a record batch to partition 0, byte by byte as it is given: what no client would send. Returns its first offset. */
export function produceRaw(topic: string, batch: Buffer): Promise<number> {
  const [broker = ''] = settings().brokers;
  return BrokerWire.use(broker, (wire) => wire.produce(topic, 0, batch));
}
