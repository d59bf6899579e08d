import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../embedded/repository';

/** A command as a page gives it to an operator. */
export interface DocumentedCall {
  readonly page: string;
  /** As in `npm run <name>`. */
  readonly name: string;
  /** With the page's placeholders in them. */
  readonly args: readonly string[];
  /** What the lines before it in its code fence export. */
  readonly env: Readonly<Record<string, string>>;
}

const folder = 'docs/operations';
const npmRun = /^npm run ([\w:]+)(?: -- (.*))?$/;
/** What is for a cluster, which a test does not have. */
const inCluster = /^(?:kubectl|k8s\/scripts\/\w+\.sh|test -s) /;
const assignment = /^(?:export )?((?:[A-Z_]+=\S*\s*)+)$/;

/** Every `npm run` of the pages for operators, in a code fence or in a line of text. Throws where a line of a fence is neither that, nor a variable, nor a command of a cluster. */
export function documentedCalls(): DocumentedCall[] {
  const root = join(repositoryRoot(), folder);
  const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  return pages.toSorted().flatMap((page) => {
    const [text, fences] = parted(readFileSync(join(root, page), 'utf8'));
    const inText = text.flatMap((part) => [...part.matchAll(/`(npm run [^`]*)`/g)].map(([, line = '']) => line));
    return [...inText.map((line) => callIn(page, line, {})), ...fences.flatMap((fence) => callsIn(page, fence))];
  });
}

/** Parts of text, and code fences. */
function parted(markdown: string): [string[], string[]] {
  const parts = markdown.split(/^ *```.*$/m);
  return [parts.filter((_, index) => index % 2 === 0), parts.filter((_, index) => index % 2 === 1)];
}

function callsIn(page: string, fence: string): DocumentedCall[] {
  const env: Record<string, string> = {};
  const calls: DocumentedCall[] = [];
  for (const line of fence.split('\n').map((each) => each.replace(/\s+#\s.*$/, '').trim())) {
    const [, variables] = assignment.exec(line) ?? [];
    for (const [, name = '', value = ''] of (variables ?? '').matchAll(/([A-Z_]+)=(\S*)/g)) env[name] = value;
    if (line !== '' && variables === undefined && !inCluster.test(line)) calls.push(callIn(page, line, { ...env }));
  }
  return calls;
}

function callIn(page: string, line: string, env: Readonly<Record<string, string>>): DocumentedCall {
  const [, name, args = ''] = npmRun.exec(line.trim()) ?? [];
  if (name === undefined) throw new Error(`${folder}/${page}: "${line}" is no npm run`);
  return { page, name, args: wordsIn(args), env };
}

/** As a shell takes them apart; brackets around what may be left out are taken off. */
function wordsIn(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|[^\s[\]]+/g)].map(([word, quoted]) => quoted ?? word);
}
