/** Asks until the answer is right; the last wrong answer is in the error. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  right: (answer: T) => boolean,
  limitMs = 60_000,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (performance.now() > until) {
      throw new Error(`not within ${limitMs} ms; the last answer was ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
