package storefront.embedded;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Documents as BSON in H2's file. Upstream serializes Java objects, which takes most of the time of a write. */
final class BsonType extends BasicDataType<Document> {
  static final BsonType INSTANCE = new BsonType();
  private static final int BYTES_PER_OBJECT = 48;

  @Override
  public void write(WriteBuffer out, Document document) {
    ByteBuf bson = Unpooled.buffer(1024);
    BsonEncoder.encodeDocument(document, bson);
    out.put(bson.array(), 0, bson.writerIndex());
  }

  @Override
  public Document read(ByteBuffer in) {
    ByteBuf bson = Unpooled.wrappedBuffer(in);
    Document document = BsonDecoder.decodeBson(bson);
    in.position(in.position() + bson.readerIndex());
    return document;
  }

  @Override
  public Document[] createStorage(int size) {
    return new Document[size];
  }

  /** An estimate, by which H2 limits its cache and splits its pages. */
  @Override
  public int getMemory(Document document) {
    return memory(document);
  }

  private static int memory(Object value) {
    int bytes = BYTES_PER_OBJECT;
    if (value instanceof String text) return bytes + text.length();
    if (value instanceof Map<?, ?> fields) {
      for (Object field : fields.values()) bytes += BYTES_PER_OBJECT + memory(field);
    } else if (value instanceof Collection<?> items) {
      for (Object item : items) bytes += memory(item);
    }
    return bytes;
  }
}
