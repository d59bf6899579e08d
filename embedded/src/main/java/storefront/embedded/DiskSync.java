package storefront.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStore;

/**
 * Forces the file to the disk while something is written to it: half a second after the last time, or after 16 MiB. Whatever a power
 * cut leaves of later writes, the version that was forced last is complete, since the space of what it needs is not given to others
 * before the next one is on the disk. Those of the last 3 s are kept too, up to 32 MiB of writes.
 */
final class DiskSync {
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long INTERVAL_BYTES = 16 << 20;
  private static final long KEPT = TimeUnit.SECONDS.toNanos(3);
  private static final long KEPT_BYTES = 32 << 20;

  private final MVStore store;
  private final GroupCommit commits;
  private final Deque<Point> kept = new ArrayDeque<>();
  private long begunAt = System.nanoTime();
  private long forcedBytes = -1;

  DiskSync(MVStore store, GroupCommit commits) {
    this.store = store;
    this.commits = commits;
  }

  /** A version that is on the disk, and stays there. */
  private record Point(MVStore.TxCounter version, long takenAt, long bytes) {}

  /** To be called several times a second, by one thread. */
  void syncIfDue() {
    long unforced = ChecksummedPath.bytesWritten() - forcedBytes;
    if (unforced > INTERVAL_BYTES || (unforced > 0 && System.nanoTime() - begunAt >= INTERVAL)) sync();
  }

  /** Returns when everything that was committed before is on the disk. */
  void sync() {
    begunAt = System.nanoTime();
    // taken between two commits, so that the version is one that was saved
    Point point =
        commits.exclusively(() -> new Point(store.registerVersionUsage(), begunAt, ChecksummedPath.bytesWritten()));
    store.sync();
    forcedBytes = point.bytes;
    kept.addLast(point);
    while (kept.size() > 1 && isOld(kept.getFirst())) store.deregisterVersionUsage(kept.removeFirst().version);
  }

  private boolean isOld(Point point) {
    return begunAt - point.takenAt > KEPT || ChecksummedPath.bytesWritten() - point.bytes > KEPT_BYTES;
  }
}
