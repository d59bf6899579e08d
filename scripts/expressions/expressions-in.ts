import ts from 'typescript';

/** A regular expression in a source file. */
export interface Expression {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly source: string;
  readonly flags: string;
  /** Made at run time from something else than one text: nobody can tell what it will be. */
  readonly isComputed?: boolean;
}

/** The regular expressions of a source file: its literals, and what it computes with `new RegExp`. */
export function expressionsIn(file: string, text: string): Expression[] {
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
      found.push({ line: line + 1, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
      found.push({ line: line + 1, source: node.getText(), flags: '', isComputed: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}
