/** A text that came from outside as it may be shown in an answer: at most `most` characters, `…` where there was more. */
export function cutText(text: string, most = 100): string {
  // a cut through the middle of a character would leave half of one
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
