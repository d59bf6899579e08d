import { ENOUGH_DECODE_MS, ENOUGH_INFLATED_BYTES, MAX_RECORDS_BYTES } from './limits';

/** What the records of one response may still take, all partitions together. A batch that is begun may go a little beyond. */
export class FetchBudget {
  private inflatedBytes = 0;
  private recordsBytes = 0;
  private cpuMs = 0;

  get isSpent(): boolean {
    const isEnough = this.inflatedBytes >= ENOUGH_INFLATED_BYTES || this.cpuMs >= ENOUGH_DECODE_MS;
    return isEnough || this.recordsBytes >= MAX_RECORDS_BYTES;
  }

  get hasRoomForRecords(): boolean {
    return this.recordsBytes < MAX_RECORDS_BYTES;
  }

  inflated(bytes: number): void {
    this.inflatedBytes += bytes;
  }

  /** Adds what decoding a batch took, in ms of CPU time. */
  took(cpuMs: number): void {
    this.cpuMs += cpuMs;
  }

  held(bytes: number): void {
    this.recordsBytes += bytes;
  }
}
