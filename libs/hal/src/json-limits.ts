/** Whether a JSON value, and its text, has more than `levels` arrays and objects in each other: whoever walks it would run out of stack. */
export function nestsDeeperThan(levels: number, text: string, value: unknown): boolean {
  // a level has at least its two brackets
  if (text.length < 2 * levels) return false;
  let level = [value].filter(hasMembers);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= levels) return true;
    level = level.flatMap(Object.values).filter(hasMembers);
  }
  return false;
}

/** False where a text in the value is none that UTF-8 can carry: it would be stored as another one. */
export function readableTexts(text: string, value: unknown): boolean {
  // what comes as UTF-8 is well-formed, but for what an escape says
  if (!/\\u[dD][89a-fA-F]/.test(text)) return true;
  let level: unknown[] = [value];
  while (level.length > 0) {
    if (!level.every((each) => typeof each !== 'string' || each.isWellFormed())) return false;
    level = level.filter(hasMembers).flatMap((each) => Object.entries(each).flat());
  }
  return true;
}

function hasMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
