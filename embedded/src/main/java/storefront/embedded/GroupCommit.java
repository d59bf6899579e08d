package storefront.embedded;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;

/**
 * Makes write commands durable before they are answered, many with one commit: while one thread commits, the others
 * apply theirs and wait for the next commit. A commit never sees a command half done. Durable means that it survives
 * the death of this process; {@link DiskSync} says what survives a power cut.
 */
final class GroupCommit {
  private static final int IDLE_ROUNDS = 10;

  private final MVStore store;
  // read side: a write command is being applied; write side: the store is being saved. Fair, or commits would starve.
  private final ReadWriteLock applying = new ReentrantReadWriteLock(true);

  private final Object turn = new Object();
  private long begun = 0;
  private long durable = 0;
  private boolean committing = false;
  private long tidied = 0;
  private int idleRounds = 0;

  GroupCommit(MVStore store) {
    this.store = store;
  }

  <T> T apply(Supplier<T> write) {
    applying.readLock().lock();
    try {
      synchronized (turn) {
        begun++;
      }
      return write.get();
    } finally {
      applying.readLock().unlock();
    }
  }

  /**
   * Returns when every write begun so far is durable. Reads wait here too: nobody may see what could still be lost.
   */
  void awaitDurable() {
    long mine;
    synchronized (turn) {
      mine = begun;
      while (committing && durable < mine) waitForTurn();
      if (durable >= mine) return;
      committing = true;
    }
    long covered = -1;
    try {
      covered = commit();
    } finally {
      synchronized (turn) {
        committing = false;
        durable = Math.max(durable, covered);
        turn.notifyAll();
      }
    }
  }

  /**
   * Gives the space of replaced documents back, a little at a time, until some rounds after the last write: tidying writes too, and
   * what it replaces is kept for a while.
   */
  void tidy() {
    synchronized (turn) {
      idleRounds = begun == tidied ? idleRounds + 1 : 0;
      tidied = begun;
    }
    if (idleRounds > IDLE_ROUNDS) return;
    exclusively(
        () -> {
          if (store.compact(70, 1 << 20)) store.commit();
          return null;
        });
  }

  private long commit() {
    return exclusively(
        () -> {
          store.commit();
          // a store that is closed saves nothing, and does not say so
          if (store.isClosed()) throw DataUtils.newMVStoreException(DataUtils.ERROR_CLOSED, "the store is closed");
          synchronized (turn) {
            return begun;
          }
        });
  }

  /** Between two commits, with no write command half done. */
  <T> T exclusively(Supplier<T> work) {
    applying.writeLock().lock();
    try {
      return work.get();
    } finally {
      applying.writeLock().unlock();
    }
  }

  private void waitForTurn() {
    try {
      turn.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the write was durable", e);
    }
  }
}
