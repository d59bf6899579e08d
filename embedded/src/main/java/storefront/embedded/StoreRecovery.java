package storefront.embedded;

import static storefront.embedded.ChunkChecksum.BLOCK;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * Makes H2's file ready to be opened after a process died or the power failed. H2's own recovery may take an old version, or none at
 * all, for the last one; this one takes the newest version of which everything is there, checked by checksums, and throws where
 * there is none. {@link DiskSync} promises that there is one that is 2 s old at most.
 */
final class StoreRecovery {
  private static final int HEADERS = 2;
  /** A field of the file's header, which H2 does not know: this version is being tried, whatever else the header says. */
  private static final String TRYING = "trying";

  private final FileChannel file;
  private final Path path;

  private StoreRecovery(FileChannel file, Path path) {
    this.file = file;
    this.path = path;
  }

  /** A chunk of which all bytes are there. */
  private record Whole(long block, long version, Map<String, String> header) {
    boolean is(Map<String, String> named) {
      return number(named, "block") == block
          && named.get("chunk").equals(header.get("chunk"))
          && number(named, "version") == version;
    }
  }

  /** Nobody else may have the file open. Does nothing to a file that is not there, and to one that was closed properly. */
  static void prepare(Path path) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) return;
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      new StoreRecovery(file, path).prepare();
    }
  }

  private void prepare() throws IOException {
    ByteBuffer asFound = read(0, HEADERS * BLOCK);
    List<Map<String, String>> headers = new ArrayList<>();
    for (int i = 0; i < HEADERS; i++) headers.add(storeHeader(asFound.slice(i * BLOCK, BLOCK)));
    Map<String, String> header =
        headers.stream().max(Comparator.comparingLong(fields -> number(fields, "version"))).orElseThrow();
    if (header.isEmpty()) throw damaged("both copies of its header are");
    boolean isClosed = header.containsKey("clean") && !header.containsKey(TRYING);
    if (isClosed && headers.get(0).equals(headers.get(1))) return;
    List<Whole> chunks = wholeChunks();
    // made, and nothing saved in it yet
    if (chunks.isEmpty() && file.size() <= (long) HEADERS * BLOCK) return;
    Whole newest = newestComplete(chunks, header);
    if (newest == null) {
      write(asFound, 0);
      file.force(true);
      throw damaged("no version of it is complete");
    }
    // what comes after it is left over from a history that ended here: numbers of its chunks are given again
    for (Whole chunk : chunks) if (chunk.version > newest.version) write(ByteBuffer.allocate(BLOCK), chunk.block * BLOCK);
    file.force(true);
    // last: a process that dies before leaves a file that the next one does not take for closed
    writeStoreHeader(newest, header, false);
    file.force(true);
  }

  /** Null where there is none. Leaves the header of the last one that was tried. */
  private Whole newestComplete(List<Whole> chunks, Map<String, String> header) throws IOException {
    chunks.sort(Comparator.comparingLong(Whole::version).reversed());
    for (Whole chunk : chunks) {
      writeStoreHeader(chunk, header, true);
      if (isComplete(chunk, chunks)) return chunk;
    }
    return null;
  }

  /** Whether H2 opens the file at this version, and every chunk that this version needs is whole. */
  private boolean isComplete(Whole last, List<Whole> chunks) {
    Map<Long, Whole> byBlock = new HashMap<>();
    for (Whole chunk : chunks) byBlock.put(chunk.block, chunk);
    MVStore store = null;
    try {
      store = new MVStore.Builder().fileName(path.toString()).readOnly().cacheSize(1).open();
      if (store.getCurrentVersion() != last.version) return false;
      for (Map.Entry<String, String> entry : store.getLayoutMap().entrySet()) {
        if (!entry.getKey().startsWith("chunk.")) continue;
        Map<String, String> needed = DataUtils.parseMap(entry.getValue());
        boolean isLive = number(needed, needed.containsKey("livePages") ? "livePages" : "pages") > 0;
        Whole there = byBlock.get(number(needed, "block"));
        if (isLive && (there == null || !there.is(needed))) return false;
      }
      return true;
    } catch (MVStoreException damaged) {
      return false;
    } finally {
      if (store != null) store.closeImmediately();
    }
  }

  private List<Whole> wholeChunks() throws IOException {
    List<Whole> found = new ArrayList<>();
    long blocks = file.size() / BLOCK;
    for (long block = HEADERS; block < blocks; ) {
      ByteBuffer first = read(block * BLOCK, BLOCK);
      Map<String, String> header = ChunkChecksum.isChunk(first) ? ChunkChecksum.header(first) : Map.of();
      long length = number(header, "len");
      boolean isWhole = length > 0 && block + length <= blocks && length < Integer.MAX_VALUE / BLOCK
          && ChunkChecksum.holds(read(block * BLOCK, (int) length * BLOCK), header);
      if (isWhole) found.add(new Whole(block, number(header, "version"), header));
      // what looks like a chunk inside of another one is content
      block += isWhole ? length : 1;
    }
    return found;
  }

  /** Says that the file was closed properly at this version: H2 opens exactly this one then. */
  private void writeStoreHeader(Whole last, Map<String, String> header, boolean isTried) throws IOException {
    HashMap<String, String> fields = new HashMap<>(header);
    fields.remove("fletcher");
    fields.put("block", Long.toHexString(last.block));
    fields.put("chunk", last.header.get("chunk"));
    fields.put("version", Long.toHexString(last.version));
    fields.put("clean", "1");
    // H2 would keep the field for ever
    if (isTried) fields.put(TRYING, "1");
    else fields.remove(TRYING);
    StringBuilder text = DataUtils.appendMap(new StringBuilder(), fields);
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(bytes, 0, bytes.length));
    bytes = text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer both = ByteBuffer.allocate(HEADERS * BLOCK);
    for (int i = 0; i < HEADERS; i++) both.put(i * BLOCK, bytes);
    write(both, 0);
  }

  /** The fields of one copy of the file's header; empty where it is damaged. */
  private static Map<String, String> storeHeader(ByteBuffer block) {
    String text = StandardCharsets.ISO_8859_1.decode(block).toString();
    int end = text.indexOf(",fletcher:");
    int line = text.indexOf('\n');
    if (end < 0 || line < end) return Map.of();
    byte[] bytes = text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
    String sum = Integer.toHexString(DataUtils.getFletcher32(bytes, 0, bytes.length));
    return text.substring(end, line).equals(",fletcher:" + sum) ? DataUtils.parseMap(text.substring(0, end)) : Map.of();
  }

  private static long number(Map<String, String> fields, String name) {
    String text = fields.get(name);
    return text == null ? -1 : DataUtils.parseHexLong(text);
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && file.read(bytes, position + bytes.position()) >= 0) {
      // to the end of what was asked for, or of the file
    }
    return bytes.rewind();
  }

  private void write(ByteBuffer bytes, long position) throws IOException {
    while (bytes.hasRemaining()) file.write(bytes, position + bytes.position());
  }

  private IOException damaged(String what) {
    return new IOException(
        "The document store " + path + " is damaged: " + what + ". Restore it from a copy, or move it away to begin with an empty store.");
  }
}
