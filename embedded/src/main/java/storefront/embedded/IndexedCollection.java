package storefront.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * A collection of mongo-java-server with four things changed. A query uses a unique index when the index's keys are
 * among the query's; upstream wants exactly the same keys, so {_id, version} read every document. What a find finds is
 * read an answer at a time, and sorted without being held. A stored document is never changed in place: upstream does,
 * while a reply that holds it may be on its way to another client. And indexes come and go between two writes, not
 * during one.
 */
final class IndexedCollection extends H2Collection {
  private final MVStore store;
  private final MVMap<Object, Document> documents;
  private final CursorRegistry cursors;
  private boolean updating = false;

  private IndexedCollection(
      MVStore store,
      MongoDatabase database,
      String name,
      CollectionOptions options,
      MVMap<Object, Document> documents,
      MVMap<String, Object> meta,
      CursorRegistry cursors) {
    super(database, name, options, documents, meta, cursors);
    this.store = store;
    this.documents = documents;
    this.cursors = cursors;
  }

  /** The map names are H2Database's, which drops and renames them. */
  static IndexedCollection open(
      MVStore store, MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
    String fullName = database.getDatabaseName() + "." + name;
    MVMap<Object, Document> documents =
        store.openMap("databases." + fullName, new MVMap.Builder<Object, Document>().valueType(BsonType.INSTANCE));
    MVMap<String, Object> meta = store.openMap("meta." + fullName);
    return new IndexedCollection(store, database, name, options, documents, meta, cursors);
  }

  @Override
  protected QueryResult queryDocuments(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    if (orderBy != null && orderBy.containsKey("$natural")) {
      return super.queryDocuments(query, orderBy, skip, limit, batchSize, fields);
    }
    DocumentSource source = source(query, orderBy == null ? new Document() : orderBy, skip);
    boolean isWhole = fields == null || fields.isEmpty();
    UnaryOperator<List<Document>> view = isWhole ? UnaryOperator.identity() : found -> partsOf(found, fields);
    OpenFind find = new OpenFind(cursors.generateCursorId(), store, source, view, limit);
    // upstream's own queries want everything at once
    if (batchSize == 0) return updating ? copies(find.takeAll()) : new QueryResult(find.takeAll());
    List<Document> first = find.takeDocuments(batchSize);
    if (find.isEmpty()) return new QueryResult(first);
    cursors.add(find);
    return new QueryResult(first, find);
  }

  private List<Document> partsOf(List<Document> found, Document fields) {
    return matchDocumentsFromStream(found.stream(), new Document(), null, 0, 0, 0, fields).collectDocuments();
  }

  private DocumentSource source(Document query, Document orderBy, int skip) {
    Predicate<Document> matches = document -> documentMatchesQuery(document, query);
    Iterable<Object> indexed = indexedKeys(query);
    if (indexed == null && isKeyOrder(orderBy)) return DocumentSource.inKeyOrder(documents, matches, skip);
    Iterator<Object> keys = indexed == null ? documents.keyIterator(null) : indexed.iterator();
    MVStore.TxCounter version = store.registerVersionUsage();
    try {
      return DocumentSource.ofKeys(DocumentSource.sortedKeys(keys, this::getDocument, matches, orderBy, skip), this::getDocument);
    } finally {
      store.deregisterVersionUsage(version);
    }
  }

  private Iterable<Object> indexedKeys(Document query) {
    for (Index<Object> index : getIndexes()) {
      Document indexed = partFor(index, query);
      if (indexed != null && index.canHandle(indexed)) return index.getPositions(indexed);
    }
    return null;
  }

  /** Whether documents are kept in this order. Of keys that are texts both know the same order. */
  private boolean isKeyOrder(Document orderBy) {
    if (orderBy.isEmpty()) return true;
    boolean isById = orderBy.size() == 1 && orderBy.get("_id") instanceof Number direction && direction.intValue() > 0;
    return isById && (documents.isEmpty() || (documents.firstKey() instanceof String && documents.lastKey() instanceof String));
  }

  /** The part of the query that this index can answer, or null. */
  private static Document partFor(Index<Object> index, Document query) {
    if (!index.isUnique()) return null;
    Document part = new Document();
    for (IndexKey key : index.getKeys()) {
      Object value = query.get(key.getKey());
      if (value == null) return null;
      part.put(key.getKey(), value);
    }
    return part;
  }

  private static QueryResult copies(List<Document> found) {
    List<Document> copies = new ArrayList<>();
    for (Document document : found) copies.add(document.cloneDeeply());
    return new QueryResult(copies);
  }

  @Override
  public synchronized Document updateDocuments(
      Document selector, Document update, ArrayFilters filters, boolean multi, boolean upsert, Oplog oplog) {
    updating = true;
    try {
      return super.updateDocuments(selector, update, filters, multi, upsert, oplog);
    } finally {
      updating = false;
    }
  }

  @Override
  public synchronized Document findAndModify(Document query) {
    updating = true;
    try {
      return super.findAndModify(query);
    } finally {
      updating = false;
    }
  }

  /** Upstream adds to a list, unguarded, over which a write may be iterating: that one was answered with an error and half done. */
  @Override
  public synchronized void addIndex(Index<Object> index) {
    super.addIndex(index);
  }

  @Override
  public synchronized void dropIndex(String name) {
    super.dropIndex(name);
  }

  /** Nobody asks for it, and it costs two serializations an update. */
  @Override
  protected boolean tracksDataSize() {
    return false;
  }
}
