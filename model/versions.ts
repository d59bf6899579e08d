/** A set of versions 1 to 7, a bit each: comparable with ===, and one number in a state. */
export type Versions = number;

export const none: Versions = 0;

export function only(version: number): Versions {
  return 1 << (version - 1);
}

export function union(a: Versions, b: Versions): Versions {
  return a | b;
}

export function without(a: Versions, b: Versions): Versions {
  return a & ~b;
}

export function has(set: Versions, version: number): boolean {
  return (set & only(version)) !== 0;
}

export function upTo(set: Versions, version: number): Versions {
  return set & ((1 << version) - 1);
}

export function after(set: Versions, version: number): Versions {
  return without(set, upTo(set, version));
}

/** 0 for an empty set. */
export function highest(set: Versions): number {
  return 32 - Math.clz32(set);
}

/** 0 for an empty set. */
export function lowest(set: Versions): number {
  return highest(set & -set);
}

export function members(set: Versions): number[] {
  return Array.from({ length: highest(set) }, (_, index) => index + 1).filter((version) => has(set, version));
}

export function listed(set: Versions): string {
  return `[${members(set)
    .map((version) => `v${version}`)
    .join(', ')}]`;
}
