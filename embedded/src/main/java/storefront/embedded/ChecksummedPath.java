package storefront.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** H2's way to a file on the disk, which puts a checksum into every chunk that is written there. */
public final class ChecksummedPath extends FilePathWrapper {
  private static final String SCHEME = "checksummed";
  private static final LongAdder WRITTEN = new LongAdder();

  /** What H2 takes for the name of that file. */
  static String of(Path file) {
    FilePath.register(new ChecksummedPath());
    return SCHEME + ":" + file;
  }

  /** Bytes written since this process began: it has one such file. */
  static long bytesWritten() {
    return WRITTEN.sum();
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new ChecksummedFile(super.open(mode));
  }

  private static final class ChecksummedFile extends FileBaseDefault {
    private final FileChannel file;

    ChecksummedFile(FileChannel file) {
      this.file = file;
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      ChunkChecksum.add(bytes);
      int written = file.write(bytes, position);
      WRITTEN.add(written);
      return written;
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    protected void implTruncate(long length) throws IOException {
      file.truncate(length);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      file.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
