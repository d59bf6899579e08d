package storefront.embedded;

import de.bwaldvogel.mongo.backend.AbstractCursor;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.h2.mvstore.MVStore;

/**
 * What a find finds, read one answer at a time. Of what has not been answered yet, one document is held. Upstream holds them all,
 * for every client that has not read to the end.
 */
final class OpenFind extends AbstractCursor {
  /** As MongoDB's; an answer has one document at least. */
  private static final long ANSWER_BYTES = 16 << 20;

  private final MVStore store;
  private final DocumentSource source;
  private final UnaryOperator<List<Document>> view;
  private long left;
  private Document ahead;
  private boolean isBegun = false;

  /** A limit of 0 is none. */
  OpenFind(long id, MVStore store, DocumentSource source, UnaryOperator<List<Document>> view, int limit) {
    super(id);
    this.store = store;
    this.source = source;
    this.view = view;
    this.left = limit > 0 ? limit : Long.MAX_VALUE;
  }

  @Override
  public synchronized boolean isEmpty() {
    return isBegun && ahead == null;
  }

  /** That many at most, or as many as an answer may have: 0. */
  @Override
  public synchronized List<Document> takeDocuments(int atMost) {
    return take(atMost > 0 ? atMost : Integer.MAX_VALUE, ANSWER_BYTES);
  }

  synchronized List<Document> takeAll() {
    return take(Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  private List<Document> take(int atMost, long mostBytes) {
    List<Document> taken = new ArrayList<>();
    // pages that a write replaces meanwhile stay in the file
    MVStore.TxCounter version = store.registerVersionUsage();
    try {
      source.resume();
      if (!isBegun) ahead = next();
      isBegun = true;
      for (long bytes = 0; ahead != null && taken.size() < atMost && bytes < mostBytes; ahead = next()) {
        taken.add(ahead);
        bytes += BsonType.INSTANCE.getMemory(ahead);
      }
    } finally {
      source.pause();
      store.deregisterVersionUsage(version);
    }
    return view.apply(taken);
  }

  private Document next() {
    return left-- > 0 ? source.next() : null;
  }
}
