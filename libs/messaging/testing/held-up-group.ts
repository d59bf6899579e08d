import { Kafka, logLevel } from 'kafkajs';

/** A member that keeps its seat with heartbeats and takes no part in a rebalance: nobody else gets into the group. */
export class HeldUpGroup {
  private constructor(private readonly release: () => Promise<void>) {}

  /** Returns when it holds a record of the topic in its hands; nothing is applied or committed. */
  static async hold(brokers: string, { groupId, topic }: { groupId: string; topic: string }): Promise<HeldUpGroup> {
    const kafka = new Kafka({ brokers: [brokers], clientId: 'stranger', logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: 6_000,
      rebalanceTimeout: 300_000,
      maxWaitTimeInMs: 100,
      heartbeatInterval: 200,
    });
    const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      async eachBatch({ heartbeat }) {
        // its answer says that a rebalance is wanted: it stays deaf to it
        const beat = setInterval(() => void heartbeat().catch(() => undefined), 300);
        held.resolve();
        await released.promise.finally(() => clearInterval(beat));
      },
    });
    await held.promise;
    return new HeldUpGroup(async () => {
      released.resolve();
      await consumer.disconnect();
    });
  }

  letGo(): Promise<void> {
    return this.release();
  }
}
