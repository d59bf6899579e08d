const chunkCharacters = 64 * 1024;

/** The text of `{"name":[…]}` in pieces, so that a large collection is never in memory as a whole. */
export async function* summary(
  name: string,
  items: AsyncIterable<object> | Iterable<object>,
): AsyncGenerator<string, void> {
  let text = `{${JSON.stringify(name)}:[`;
  let separator = '';
  for await (const item of items) {
    text += separator + JSON.stringify(item);
    separator = ',';
    if (text.length < chunkCharacters) continue;
    yield text;
    text = '';
  }
  yield `${text}]}`;
}
