const BLOCK_BYTES = 4096;
const HEADERS = 2;

interface Chunk {
  readonly at: number;
  readonly bytes: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** H2's file, as bytes in memory. */
export class StoreFile {
  constructor(readonly content: Buffer) {}

  /** By version, oldest first. */
  get chunks(): Chunk[] {
    const chunks: Chunk[] = [];
    for (let at = HEADERS * BLOCK_BYTES; at < this.content.length;) {
      const fields = this.fieldsAt(at);
      const blocks = fields.has('chunk') ? Number.parseInt(fields.get('len') ?? '', 16) : Number.NaN;
      if (blocks > 0) chunks.push({ at, bytes: blocks * BLOCK_BYTES, fields });
      at += (blocks > 0 ? blocks : 1) * BLOCK_BYTES;
    }
    return chunks.toSorted((one, other) => versionOf(one) - versionOf(other));
  }

  /** As a disk that has lost some of it. */
  damage({ at, bytes }: Chunk): void {
    this.content.fill(0xff, at + bytes / 2, at + bytes / 2 + 16);
  }

  /** As a process leaves it that died while it tried this version. */
  tryVersionOf({ at, fields }: Chunk): void {
    const header = new Map(this.fieldsAt(0));
    header.delete('fletcher');
    header.set('block', (at / BLOCK_BYTES).toString(16));
    for (const name of ['chunk', 'version']) header.set(name, fields.get(name) ?? '');
    header.set('clean', '1').set('trying', '1');
    const text = [...header].map(([name, value]) => `${name}:${value}`).join(',');
    const line = `${text},fletcher:${fletcher32(Buffer.from(text, 'latin1')).toString(16)}\n`;
    for (let i = 0; i < HEADERS; i++) {
      this.content.fill(0, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES).write(line, i * BLOCK_BYTES, 'latin1');
    }
  }

  private fieldsAt(at: number): ReadonlyMap<string, string> {
    const line = this.content.toString('latin1', at, at + 512).split('\n', 1)[0] ?? '';
    return new Map(
      line
        .trim()
        .split(',')
        .map((field): [string, string] => {
          const [name = '', value = ''] = field.split(':');
          return [name, value];
        }),
    );
  }
}

const versionOf = ({ fields }: Chunk) => Number.parseInt(fields.get('version') ?? '', 16);

/** H2's, for less than 720 bytes. */
function fletcher32(bytes: Buffer): number {
  let sums: [number, number] = [0xffff, 0xffff];
  const add = (word: number) => (sums = [sums[0] + word, sums[1] + sums[0] + word]);
  const fold = () => (sums = [(sums[0] & 0xffff) + (sums[0] >>> 16), (sums[1] & 0xffff) + (sums[1] >>> 16)]);
  const even = bytes.length - (bytes.length % 2);
  for (let i = 0; i < even; i += 2) add(bytes.readUInt16BE(i));
  fold();
  if (even < bytes.length) add((bytes[even] ?? 0) << 8);
  fold();
  return ((sums[1] << 16) | sums[0]) >>> 0;
}
