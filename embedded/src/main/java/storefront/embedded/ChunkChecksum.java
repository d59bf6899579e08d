package storefront.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * A checksum over all of a chunk, which is what H2 appends to its file with every commit. H2 itself checks a chunk's first and last
 * bytes only, so that one whose middle never reached the disk passes for whole. The checksum stands in the chunk's footer behind
 * H2's own, where H2 does not read on.
 */
final class ChunkChecksum {
  static final int BLOCK = 4096;
  private static final int FOOTER = 128;
  private static final byte[] START = "chunk:".getBytes(StandardCharsets.ISO_8859_1);
  private static final String OURS = ",crc:";
  private static final int OURS_LENGTH = OURS.length() + 8;

  private ChunkChecksum() {}

  /** Whether these bytes begin as a chunk does. */
  static boolean isChunk(ByteBuffer bytes) {
    int at = bytes.position();
    if (bytes.remaining() < BLOCK) return false;
    for (int i = 0; i < START.length; i++) if (bytes.get(at + i) != START[i]) return false;
    return true;
  }

  /** The fields in which the first block of a chunk says what it is; empty where they cannot be read. */
  static Map<String, String> header(ByteBuffer firstBlock) {
    byte[] bytes = new byte[Math.min(firstBlock.remaining(), 1024)];
    firstBlock.duplicate().get(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    try {
      return end < 0 ? Map.of() : DataUtils.parseMap(text.substring(0, end).trim());
    } catch (MVStoreException damaged) {
      return Map.of();
    }
  }

  /** Adds the checksum to a whole chunk that is about to be written; does nothing to other bytes. */
  static void add(ByteBuffer chunk) {
    if (chunk.remaining() % BLOCK != 0 || !isChunk(chunk)) return;
    String footer = footer(chunk);
    int end = footer.indexOf(OURS) >= 0 ? footer.indexOf(OURS) : footer.stripTrailing().length();
    if (!footer.startsWith("chunk:") || end + OURS_LENGTH >= FOOTER) return;
    byte[] ours = (OURS + HexFormat.of().toHexDigits(checksum(chunk, end))).getBytes(StandardCharsets.ISO_8859_1);
    chunk.put(chunk.limit() - FOOTER + end, ours);
  }

  /** Whether a chunk is whole. Of one that an earlier version wrote, without a checksum, only the footer is looked at. */
  static boolean holds(ByteBuffer chunk, Map<String, String> header) {
    String footer = footer(chunk);
    int end = footer.indexOf(OURS);
    String own = (end < 0 ? footer : footer.substring(0, end)).stripTrailing();
    if (!isOf(own, header)) return false;
    if (end < 0) return true;
    String ours = footer.substring(end + OURS.length(), Math.min(end + OURS_LENGTH, footer.length()));
    return ours.equals(HexFormat.of().toHexDigits(checksum(chunk, end)));
  }

  /** H2's footer: the chunk's number and version again, with a checksum of these. */
  private static boolean isOf(String footer, Map<String, String> header) {
    int end = footer.lastIndexOf(",fletcher:");
    if (end < 0) return false;
    byte[] bytes = footer.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
    String sum = Integer.toHexString(DataUtils.getFletcher32(bytes, 0, bytes.length));
    if (!footer.substring(end).equals(",fletcher:" + sum)) return false;
    Map<String, String> fields = DataUtils.parseMap(footer.substring(0, end));
    return fields.get("chunk").equals(header.get("chunk"))
        && fields.getOrDefault("version", "").equals(header.get("version"));
  }

  private static String footer(ByteBuffer chunk) {
    byte[] bytes = new byte[FOOTER];
    chunk.get(chunk.limit() - FOOTER, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Over everything before the checksum itself. */
  private static int checksum(ByteBuffer chunk, int footerLength) {
    CRC32C sum = new CRC32C();
    sum.update(chunk.duplicate().limit(chunk.limit() - FOOTER + footerLength));
    return (int) sum.getValue();
  }
}
