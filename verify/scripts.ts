import { services } from './services';

/** Variables that a script of mongosh's or bash's reads and has no default for. */
export function variablesRead(script: string): string[] {
  const named = [...script.matchAll(/(?:\benv\.|\$\{?)([A-Z][A-Z0-9_]{3,})\b(?!:-)/g)].map(([, name = '']) => name);
  const each = [...script.matchAll(/\$\{service\.toUpperCase\(\)\}(\w+)/g)].map(([, rest = '']) => rest);
  return [...new Set([...named, ...each.flatMap((rest) => services.map((service) => service.toUpperCase() + rest))])];
}

/** Files that a command names: what is behind a mount must be there. */
export function filesNamed(command: readonly string[]): string[] {
  return command.flatMap((word) => /(?:^|=)(\/[\w/.-]+\.\w+)$/.exec(word)?.[1] ?? []);
}
