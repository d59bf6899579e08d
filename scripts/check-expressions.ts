import { globSync, readFileSync } from 'node:fs';
import { expressionsIn } from './expressions/expressions-in';
import { slowness } from './expressions/slow-expressions';

/**
 * `npm run check:expressions`: no regular expression of the services may take more than linear time, whatever the text it is given. Ends with 1
 * and names the ones that do.
 */
const files = globSync(['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts']).filter((file) => !file.endsWith('spec.ts'));
const expressions = files.flatMap((file) =>
  expressionsIn(file, readFileSync(file, 'utf8')).map((expression) => ({ file, ...expression })),
);
const slow = expressions.flatMap((expression) => {
  const reason = slowness(expression);
  const { file, line, source, flags } = expression;
  return reason === undefined ? [] : [`${file}:${line} /${source}/${flags}: ${reason}`];
});
for (const each of slow) console.error(each);
console.log(`${expressions.length} regular expressions in ${files.length} files, ${slow.length} slow`);
process.exitCode = slow.length > 0 ? 1 : 0;
