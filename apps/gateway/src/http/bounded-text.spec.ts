import { boundedText } from './bounded-text';

describe('a bounded text', () => {
  it('is whole up to its limit, and nothing beyond it', async () => {
    expect(await boundedText(new Response('äöü'), 6)).toBe('äöü');
    expect(await boundedText(new Response('äöü'), 5)).toBeUndefined();
    expect(await boundedText(new Response(null), 0)).toBe('');
  });

  it('stops reading an answer without an end', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect(await boundedText(new Response(endless), 10_000)).toBeUndefined();
    expect(pulled).toBeLessThan(20);
    expect(cancelled).toBe(true);
  });
});
