const USUAL_COLUMNS = 80;
const NARROWEST_COLUMNS = 20;

/** How many characters a line of the output may have: as many as the terminal has columns, any number where it goes to a file or another program. */
export function terminalWidth(output: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout): number {
  if (!output.isTTY) return Infinity;
  return Math.max(NARROWEST_COLUMNS, output.columns || USUAL_COLUMNS);
}

/**
 * The text with lines of at most `width` characters, broken between words; what continues a line is indented by `indent` characters more
 * than the line. A word that is longer than a line is left whole, so that it can be copied.
 */
export function wrapped(text: string, width: number, indent = 2): string {
  return text
    .split('\n')
    .flatMap((line) => linesOf(line, width, indent))
    .join('\n');
}

function linesOf(text: string, width: number, indent: number): string[] {
  if (text.length <= width) return [text];
  const margin = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = margin;
  let isEmpty = true;
  for (const word of text.slice(margin.length).split(/ (?! )/)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = `${margin}${' '.repeat(indent)}`;
      isEmpty = true;
    }
    line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
