/** A text that came from outside as it may be shown in an answer: at most `most` characters, `…` where there was more. */
export function cutText(text: string, most = 100): string {
  // a cut through the middle of a character would leave half of one
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

/** The same for a sentence around texts that came from outside: each word of it is cut at 100 characters as well. */
export function cutSentence(text: string, most: number): string {
  return cutText(text, most).replace(/\S{101,}/g, (word) => cutText(word));
}
