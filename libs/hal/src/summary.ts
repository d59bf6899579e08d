const chunkCharacters = 64 * 1024;

/**
 * The text of `{"name":[…]}` in pieces of 64 Ki characters and one item more, so that a large collection is never in memory
 * as a whole: the next group of items is read when the piece before was taken.
 */
export async function* summary(
  name: string,
  groups: AsyncIterable<readonly object[]> | Iterable<readonly object[]>,
): AsyncGenerator<string, void> {
  let text = `{${JSON.stringify(name)}:[`;
  let separator = '';
  for await (const group of groups) {
    for (const item of group) {
      text += separator + JSON.stringify(item);
      separator = ',';
      if (text.length < chunkCharacters) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}]}`;
}
