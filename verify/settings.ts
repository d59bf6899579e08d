import { settingsIn } from './version';

/**
 * What stands in for something that only the owner of a place knows: the names and accounts that documentation uses, and words
 * that ask for a replacement.
 */
const placeholder =
  /\b[Ee]xample[.-](?!yaml\b|env\b)|\.example\b(?!\.yaml)|\b(?:111122223333|123456789012|000000000000)\b|\b(?:change|replace|CHANGE|REPLACE)[-_ ]?(?:me|ME)\b|\byour[-_]\w+|<[A-Z][A-Z0-9_-]+>|\bstorefront-project\b/;

/** Files in which placeholders are asked for, or stand for somebody else: settings, examples to copy, tests. */
const mayHave = /settings\.env$|\.example(\.yaml)?$|\/tests\/|\.test\.yaml$|\.ts$/;

/** Lines of a file that have a placeholder although nobody is asked for its value there. */
export function placeholderFaults(path: string, text: string): string[] {
  if (mayHave.test(path)) return [];
  return text.split('\n').flatMap((line, index) => {
    const found = placeholder.exec(line)?.[0];
    return found ? [`${path}:${index + 1}: ${found} is a placeholder; a setting in settings.env is expected`] : [];
  });
}

/** An overlay's settings are explained where they stand and in docs/kubernetes.md, and all of them arrive in what is applied. */
export function settingsFaults(env: string, rendered: string, page: string): string[] {
  return [...settingsIn(env)].flatMap(([name, value]) => [
    ...(new RegExp(`^#.*\\n${name}=`, 'm').test(env) ? [] : [`${name} has no comment above it`]),
    ...(page.includes(`| \`${name}\``) ? [] : [`docs/kubernetes.md does not explain ${name}`]),
    ...(/\s/.test(value) ? [`${name} has a space in it, or at its end`] : []),
    ...(name === 'IMAGE_REGISTRY' && /:\/\/|\/$/.test(value)
      ? [`${name} has a scheme, or a slash at its end: ${value}`]
      : []),
    ...(rendered.includes(value) ? [] : [`${name} is used nowhere`]),
    // its name as a value, in a list or at the beginning of one
    ...(new RegExp(`^(?!.*name: ).*[:=-] *["']?${name}(?![\\w:=])`, 'm').test(rendered)
      ? [`${name} does not arrive everywhere`]
      : []),
  ]);
}
