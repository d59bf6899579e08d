const OPTION =
  /(?<![\w.])([\w.]{1,99})\s{0,9}=\s{0,9}(?:"((?:[^"\\]|\\.){0,9999})"|'((?:[^'\\]|\\.){0,9999})'|([^\s;"']+))/g;

/** The options of Java's `sasl.jaas.config`: `…LoginModule required username="…" password="…";`. */
export function jaasOptions(config: string): Readonly<Record<string, string>> {
  const options = [...config.matchAll(OPTION)].map(([, name = '', ...quoted]) => {
    const value = quoted.find((each) => each !== undefined) ?? '';
    return [name, value.replace(/\\(.)/g, '$1')];
  });
  return Object.fromEntries(options) as Record<string, string>;
}
