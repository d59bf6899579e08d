package storefront.embedded;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.h2.mvstore.MVStore;

/** A server that speaks MongoDB's protocol, with its documents in one H2 file. */
final class MongoEngine implements AutoCloseable {
  private static final int CACHE_MB = 64;

  private final MongoServer server;
  private final DurableBackend backend;

  private MongoEngine(MongoServer server, DurableBackend backend) {
    this.server = server;
    this.backend = backend;
  }

  static MongoEngine start(Path dir, String host, int port) throws IOException {
    Files.createDirectories(dir);
    // No commit but ours: one in the middle of a command could save a unique key without its document.
    MVStore store =
        new MVStore.Builder()
            .fileName(dir.resolve("documents.mv").toString())
            .cacheSize(CACHE_MB)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .open();
    // space of replaced documents is free at once; with the default of 45 s the file grows tenfold
    store.setRetentionTime(0);
    DurableBackend backend = new DurableBackend(store);
    backend.version(new Version7());
    MongoServer server = new MongoServer(backend);
    server.bind(host, port);
    return new MongoEngine(server, backend);
  }

  @Override
  public void close() {
    backend.stopTidying();
    server.shutdown();
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
