import { PartitionProgress } from './partition-progress';

describe('the progress of partitions', () => {
  let now = 0;
  let progress: PartitionProgress;

  beforeEach(() => {
    now = 0;
    progress = new PartitionProgress(() => now);
  });

  const look = (seconds: number, committed: number, end: number, partition = 0) => {
    now = seconds * 1_000;
    progress.looked([{ topic: 'notes', partition, committed, end, highWatermark: end }]);
  };

  it('tells of a partition that stands for 45 s although it has records, and for how long', () => {
    for (let seconds = 0; seconds <= 40; seconds += 10) look(seconds, 7, 9 + seconds);
    expect([progress.stalled, progress.stalledReason]).toEqual([[], undefined]);
    now = 45_000;
    expect(progress.stalled).toEqual([{ topic: 'notes', partition: 0, offset: 7, behind: 42, forMs: 45_000 }]);
    expect(progress.stalledReason).toBe('notes[0] has stood at offset 7 for 45 s, 42 before its end');
  });

  it('tells nothing of one that goes on, however far behind, or that is at its end', () => {
    for (let seconds = 0; seconds <= 100; seconds += 10) look(seconds, seconds, 1_000);
    expect(progress.stalled).toEqual([]);
    for (let seconds = 110; seconds <= 300; seconds += 10) look(seconds, 1_000, 1_000);
    expect(progress.standing).toEqual([]);
  });

  it('counts from when there is something to read, not from when it was idle', () => {
    for (let seconds = 0; seconds <= 100; seconds += 10) look(seconds, 7, 7);
    look(110, 7, 8);
    now = 150_000;
    expect(progress.stalled).toEqual([]);
    now = 155_000;
    expect(progress.stalled).toHaveLength(1);
    look(160, 8, 8);
    expect(progress.stalled).toEqual([]);
  });

  it('counts anew after the cluster did not answer', () => {
    look(0, 7, 9);
    now = 30_000;
    progress.looked([]);
    look(60, 7, 9);
    expect(progress.stalled).toEqual([]);
    look(105, 7, 9);
    expect(progress.stalled).toHaveLength(1);
  });

  describe('behind an open transaction', () => {
    const lookBehind = (seconds: number, end: number, highWatermark: number) => {
      now = seconds * 1_000;
      progress.looked([{ topic: 'notes', partition: 0, committed: end, end, highWatermark }]);
    };

    it('is told of after 60 s, and what waits for its end; the group is not behind meanwhile', () => {
      lookBehind(0, 7, 7);
      for (let seconds = 10; seconds <= 60; seconds += 10) lookBehind(seconds, 7, 7 + seconds);
      now = 69_999;
      expect([progress.heldBack, progress.heldBackReason]).toEqual([[], undefined]);
      now = 70_000;
      expect(progress.heldBack).toEqual([{ topic: 'notes', partition: 0, offset: 7, behind: 60, forMs: 60_000 }]);
      expect(progress.heldBackReason).toBe(
        'a transaction that began at offset 7 of notes[0] has been open for 60 s, 60 offsets wait for its end',
      );
      expect(progress.stalled).toEqual([]);
      lookBehind(80, 67, 67);
      expect([progress.heldBack, progress.waiting]).toEqual([[], []]);
    });

    it('tells nothing of short ones, one after the other', () => {
      for (let seconds = 0; seconds <= 200; seconds += 10) lookBehind(seconds, seconds, seconds + 5);
      expect(progress.heldBack).toEqual([]);
    });
  });
});
