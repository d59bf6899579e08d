import { DocumentSizes, forReaders, forWriters } from './document-sizes';

function afterAnswers(...sizes: number[]): number {
  const known = new DocumentSizes();
  for (const bytes of sizes) known.note([new Uint8Array(100), new Uint8Array(bytes)]);
  return known.documentsPerAnswer(forReaders);
}

describe('the documents of an answer', () => {
  it('are 20 while nothing is known, and after an empty answer', () => {
    const known = new DocumentSizes();
    known.note([]);
    expect(known.documentsPerAnswer(forReaders)).toBe(20);
    expect(known.documentsPerAnswer(forWriters)).toBe(81);
  });

  it('are few at once where they are large, one at least', () => {
    expect(afterAnswers(256 * 1024)).toBe(4);
    expect(afterAnswers(16 * 1024 * 1024)).toBe(1);
  });

  it('are 50 at most, some answers after the last large one', () => {
    const small = Array.from({ length: 100 }, () => 1_000);
    expect(afterAnswers(...small)).toBe(50);
    expect(afterAnswers(...small, 256 * 1024, 1_000)).toBe(4);
    expect(afterAnswers(...small, 256 * 1024, ...small)).toBe(50);
  });
});
