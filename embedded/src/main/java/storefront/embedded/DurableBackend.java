package storefront.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.exception.MongoServerException;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * mongo-java-server's H2 backend, which saves once a second, made safe against kill -9: no command is answered before
 * what it wrote, or may have seen, is saved.
 */
final class DurableBackend extends H2Backend {
  private static final Set<String> HANDSHAKE = Set.of("hello", "ismaster", "ping", "buildinfo", "endsessions");
  /** These change nothing. Everything else is taken for a write; an unneeded commit does no harm. */
  private static final Set<String> READS =
      Set.of("find", "getmore", "killcursors", "count", "distinct", "listcollections", "listindexes", "listdatabases");

  private static final int INTERNAL_ERROR = 1;
  private static final int SHUTDOWN_IN_PROGRESS = 91;
  /** Exit code. */
  private static final int CANNOT_WRITE = 74;

  private final GroupCommit commits;
  private final DiskSync disk;
  private final ScheduledExecutorService housekeeping = Executors.newSingleThreadScheduledExecutor();

  /** Returns when all that the store has is on the disk. */
  DurableBackend(MVStore store) {
    super(store);
    commits = new GroupCommit(store);
    disk = new DiskSync(store, commits);
    disk.sync();
    housekeeping.scheduleWithFixedDelay(() -> orEnd(disk::syncIfDue), 100, 100, TimeUnit.MILLISECONDS);
    housekeeping.scheduleWithFixedDelay(() -> orEnd(commits::tidy), 1, 1, TimeUnit.SECONDS);
  }

  void stopHousekeeping() {
    housekeeping.shutdown();
  }

  /** A task that throws is never run again, and nobody hears of it. */
  private void orEnd(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failure) {
      endIfLost(failure);
      if (!isOver()) failure.printStackTrace();
    }
  }

  private boolean isOver() {
    return getMvStore().getPanicException() != null || getMvStore().isClosed();
  }

  /**
   * Upstream answers a failure of its own with "Unknown error", the exception's message, which may be null, and no code, and
   * its logger is off here.
   */
  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    try {
      return handleDurably(channel, database, command, query);
    } catch (MongoServerException refused) {
      throw refused;
    } catch (RuntimeException failure) {
      endIfLost(failure);
      // whatever it was that failed: nothing can be read or written any more, and clients try again at the next process
      if (isOver()) throw new MongoServerError(SHUTDOWN_IN_PROGRESS, "ShutdownInProgress", "the store is closed");
      failure.printStackTrace();
      throw new MongoServerError(INTERNAL_ERROR, "InternalError", failure.toString(), failure);
    }
  }

  private Document handleDurably(Channel channel, String database, String command, Document query) {
    String name = command.toLowerCase(Locale.ROOT);
    if (name.equals("hello")) return hello(channel, database);
    if (HANDSHAKE.contains(name)) return super.handleCommand(channel, database, command, query);
    try {
      if (READS.contains(name)) return super.handleCommand(channel, database, command, query);
      Document reply = commits.apply(() -> super.handleCommand(channel, database, command, query));
      return name.equals("insert") ? withTrueCount(query, reply) : reply;
    } finally {
      // also after an error: "this key exists already" is something seen
      commits.awaitDurable();
    }
  }

  /**
   * Where the disk is full, or gone, H2 closes its file and refuses everything from then on, also when there is room again: the process
   * ends, and the next one opens the file as it was saved last. What came first is asked for: later failures only say "closed".
   */
  private void endIfLost(RuntimeException failure) {
    MVStoreException first = getMvStore().getPanicException();
    RuntimeException cause = first == null ? failure : first;
    boolean isLost = cause instanceof MVStoreException store && store.getErrorCode() == DataUtils.ERROR_WRITING_FAILED;
    if (!isLost) return;
    cause.printStackTrace();
    Runtime.getRuntime().halt(CANNOT_WRITE);
  }

  /** Upstream knows only the older name of this command. */
  private Document hello(Channel channel, String database) {
    Document reply = super.handleCommand(channel, database, "ismaster", new Document());
    reply.put("isWritablePrimary", true);
    reply.put("helloOk", true);
    return reply;
  }

  /** Upstream counts every document of an insert, also those it refused and those after it. */
  private static Document withTrueCount(Document query, Document reply) {
    if (!(reply.get("writeErrors") instanceof List<?> errors) || errors.isEmpty()) return reply;
    boolean ordered = !Boolean.FALSE.equals(query.get("ordered"));
    int sent = ((Number) reply.get("n")).intValue();
    Object first = ((Document) errors.get(0)).get("index");
    reply.put("n", ordered && first instanceof Number index ? index.intValue() : sent - errors.size());
    return reply;
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String databaseName) {
    MVStore store = getMvStore();
    // an anonymous class: the super constructor already opens collections, and only captured variables are set by then
    return new H2Database(databaseName, store, getCursorRegistry()) {
      @Override
      protected MongoCollection<Object> openOrCreateCollection(String collectionName, CollectionOptions options) {
        return IndexedCollection.open(store, this, collectionName, options, cursorRegistry);
      }

      // upstream looks and then creates: two clients that are the first to write to a collection would both create it
      @Override
      protected synchronized MongoCollection<Object> resolveOrCreateCollection(String collectionName) {
        return super.resolveOrCreateCollection(collectionName);
      }

      @Override
      public synchronized MongoCollection<Object> createCollectionOrThrowIfExists(
          String collectionName, CollectionOptions options) {
        return super.createCollectionOrThrowIfExists(collectionName, options);
      }
    };
  }
}
