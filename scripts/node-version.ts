const OLDEST: readonly [number, number] = [24, 9];

/** That the services cannot run on this version of Node, and what to do; undefined where they can. */
export function nodeTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return (
    `Node ${OLDEST.join('.')} or later is needed; this is ${version}. On Linux x64 \`npm ci\` brings it, and npm scripts use it; ` +
    'elsewhere install it first.'
  );
}
