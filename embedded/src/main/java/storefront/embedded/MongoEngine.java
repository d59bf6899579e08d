package storefront.embedded;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.h2.mvstore.MVStore;

/** A server that speaks MongoDB's protocol, with its documents in one H2 file. */
final class MongoEngine implements AutoCloseable {
  private static final int CACHE_MB = 64;

  private final MongoServer server;
  private final DurableBackend backend;
  private final FileChannel lock;

  private MongoEngine(MongoServer server, DurableBackend backend, FileChannel lock) {
    this.server = server;
    this.backend = backend;
    this.lock = lock;
  }

  static MongoEngine start(Path dir, String host, int port) throws IOException {
    Files.createDirectories(dir);
    FileChannel lock = lock(dir.resolve("documents.lock"));
    DurableBackend backend = new DurableBackend(open(dir.resolve("documents.mv")));
    forceEntry(dir);
    backend.version(new Version7());
    MongoServer server = new MongoServer(backend);
    server.bind(host, port);
    return new MongoEngine(server, backend, lock);
  }

  private static MVStore open(Path file) throws IOException {
    StoreRecovery.prepare(file);
    // No commit but ours: one in the middle of a command could save a unique key without its document.
    MVStore store =
        new MVStore.Builder()
            .fileName(ChecksummedPath.of(file))
            .cacheSize(CACHE_MB)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .open();
    // DiskSync says how long the space of replaced documents is kept; with H2's 45 s the file grows tenfold
    store.setRetentionTime(0);
    // with the first commit the file stops saying that it was closed properly
    store.openMap("opened").put("at", System.currentTimeMillis());
    store.commit();
    return store;
  }

  /** Held by this process until it ends, also where it is killed: nobody else may mend or open the file. */
  private static FileChannel lock(Path file) throws IOException {
    FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() != null) return lock;
    lock.close();
    throw new IOException("Another process has the documents in " + file.getParent() + " open.");
  }

  /** That a new file is there is to survive a power cut too. Not every system lets a folder be forced. */
  private static void forceEntry(Path dir) {
    try (FileChannel folder = FileChannel.open(dir)) {
      folder.force(true);
    } catch (IOException notHere) {
      // Windows
    }
  }

  @Override
  public void close() throws IOException {
    backend.stopHousekeeping();
    server.shutdown();
    lock.close();
  }

  /** What today's drivers accept; they refuse the version mongo-java-server names by itself. */
  private static final class Version7 implements MongoVersion {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(7, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 21;
    }
  }
}
