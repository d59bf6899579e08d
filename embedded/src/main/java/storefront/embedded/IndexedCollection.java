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
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * A collection of mongo-java-server with three things changed. A query uses a unique index when the index's keys are
 * among the query's; upstream wants exactly the same keys, so {_id, version} read every document. A stored document is
 * never changed in place: upstream does, while a reply that holds it may be on its way to another client. And indexes
 * come and go between two writes, not during one.
 */
final class IndexedCollection extends H2Collection {
  private boolean updating = false;

  private IndexedCollection(
      MongoDatabase database,
      String name,
      CollectionOptions options,
      MVMap<Object, Document> documents,
      MVMap<String, Object> meta,
      CursorRegistry cursors) {
    super(database, name, options, documents, meta, cursors);
  }

  /** The map names are H2Database's, which drops and renames them. */
  static IndexedCollection open(
      MVStore store, MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
    String fullName = database.getDatabaseName() + "." + name;
    MVMap<Object, Document> documents =
        store.openMap("databases." + fullName, new MVMap.Builder<Object, Document>().valueType(BsonType.INSTANCE));
    MVMap<String, Object> meta = store.openMap("meta." + fullName);
    return new IndexedCollection(database, name, options, documents, meta, cursors);
  }

  @Override
  protected QueryResult queryDocuments(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    QueryResult found = query(query, orderBy, skip, limit, batchSize, fields);
    return updating ? copies(found) : found;
  }

  private QueryResult query(Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    for (Index<Object> index : getIndexes()) {
      Document indexed = partFor(index, query);
      if (indexed != null && index.canHandle(indexed)) {
        return matchDocuments(query, index.getPositions(indexed), orderBy, skip, limit, batchSize, fields);
      }
    }
    return matchDocuments(query, orderBy, skip, limit, batchSize, fields);
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

  private static QueryResult copies(QueryResult found) {
    List<Document> documents = new ArrayList<>();
    for (Document document : found) documents.add(document.cloneDeeply());
    return new QueryResult(documents, found.getCursorId());
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
