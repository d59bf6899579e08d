import { ENOUGH_INFLATED_BYTES, MAX_RECORDS_BYTES } from './limits';

/** What the records of one response may still take, all partitions together. A batch that is begun may go a little beyond. */
export class FetchBudget {
  private inflatedBytes = 0;
  private recordsBytes = 0;

  get isSpent(): boolean {
    return this.inflatedBytes >= ENOUGH_INFLATED_BYTES || this.recordsBytes >= MAX_RECORDS_BYTES;
  }

  get hasRoomForRecords(): boolean {
    return this.recordsBytes < MAX_RECORDS_BYTES;
  }

  inflated(bytes: number): void {
    this.inflatedBytes += bytes;
  }

  held(bytes: number): void {
    this.recordsBytes += bytes;
  }
}
