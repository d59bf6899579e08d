import { setTimeout as sleep } from 'node:timers/promises';
import { again, type TopicRecord, versionOf } from '../system/topic-records';
import { type Topics } from '../system/topics';

/** Sends every event of the services once more, on the partition on which it came, while others go on sending. */
export class Echo {
  private readonly heard = new Set<string>();
  private waiting: TopicRecord[] = [];
  private done = false;
  /** Records that were sent a second time. */
  said = 0;

  private constructor(private readonly topics: Topics) {}

  static async of(topicNames: readonly string[], topics: Topics): Promise<{ echo: Echo; stop: () => Promise<void> }> {
    const echo = new Echo(topics);
    const unfollow = await topics.follow(topicNames, (record) => Promise.resolve(echo.hear(record)));
    const speaking = echo.speak();
    const stop = async () => {
      await unfollow();
      echo.done = true;
      await speaking;
    };
    return { echo, stop };
  }

  private hear(record: TopicRecord): void {
    const event = `${record.topic} ${String(record.key)} ${versionOf(record)}`;
    if (this.heard.has(event)) return;
    this.heard.add(event);
    this.waiting.push(record);
  }

  private async speak(): Promise<void> {
    while (!this.done || this.waiting.length > 0) {
      const records = this.waiting;
      this.waiting = [];
      for (const [topic, of] of Map.groupBy(records, (record) => record.topic)) {
        await this.topics.send(topic, of.map(again));
        this.said += of.length;
      }
      await sleep(50);
    }
  }
}
