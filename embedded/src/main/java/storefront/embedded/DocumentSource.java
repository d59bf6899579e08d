package storefront.embedded;

import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/** Gives documents one by one, between `resume` and `pause`, which end the use of one state of the store. */
interface DocumentSource {
  void resume();

  /** Null at the end. */
  Document next();

  void pause();

  /** Those that match, in the order of their keys; reads no further than asked for. */
  static DocumentSource inKeyOrder(MVMap<Object, Document> documents, Predicate<Document> matches, int skip) {
    return new DocumentSource() {
      private Cursor<Object, Document> from;
      private Object lastKey;
      private int toSkip = skip;

      @Override
      public void resume() {
        Object key = lastKey == null ? null : documents.higherKey(lastKey);
        from = lastKey != null && key == null ? null : documents.cursor(key);
      }

      @Override
      public Document next() {
        while (from != null && from.hasNext()) {
          lastKey = from.next();
          Document document = from.getValue();
          if (matches.test(document) && toSkip-- <= 0) return document;
        }
        return null;
      }

      @Override
      public void pause() {
        from = null;
      }
    };
  }

  /** Documents of these keys, those that are gone left out. */
  static DocumentSource ofKeys(Iterable<Object> keys, Function<Object, Document> read) {
    Iterator<Object> left = keys.iterator();
    return new DocumentSource() {
      @Override
      public void resume() {}

      @Override
      public Document next() {
        while (left.hasNext()) {
          Document document = read.apply(left.next());
          if (document != null) return document;
        }
        return null;
      }

      @Override
      public void pause() {}
    };
  }

  /** The keys of those that match, sorted, without the first ones. Holds what is sorted by, and no document. */
  static Queue<Object> sortedKeys(
      Iterator<Object> keys, Function<Object, Document> read, Predicate<Document> matches, Document orderBy, int skip) {
    record Sorted(Object key, Object[] by) {}
    String[] fields = orderBy.keySet().toArray(new String[0]);
    List<Sorted> found = new ArrayList<>();
    while (keys.hasNext()) {
      Object key = keys.next();
      Document document = read.apply(key);
      if (document == null || !matches.test(document)) continue;
      Object[] by = new Object[fields.length];
      for (int i = 0; i < by.length; i++) by[i] = Utils.getSubdocumentValueCollectionAware(document, fields[i]);
      found.add(new Sorted(key, by));
    }
    Comparator<Sorted> order = (one, other) -> 0;
    for (int i = 0; i < fields.length; i++) {
      int field = i;
      boolean isAscending = ((Number) orderBy.get(fields[i])).intValue() > 0;
      ValueComparator values = isAscending ? ValueComparator.asc() : ValueComparator.desc();
      order = order.thenComparing((one, other) -> values.compare(one.by[field], other.by[field]));
    }
    found.sort(order);
    Queue<Object> sorted = new ArrayDeque<>();
    for (Sorted one : found.subList(Math.min(skip, found.size()), found.size())) sorted.add(one.key);
    return sorted;
  }
}
