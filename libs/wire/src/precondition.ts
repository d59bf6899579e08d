/** Which versions a write may be made on: one of `anyOf` and none of `noneOf`, where they are given; `*` stands for every version. */
export interface Precondition {
  readonly anyOf?: Versions;
  readonly noneOf?: Versions;
}

type Versions = readonly number[] | '*';

/** Returns whether a write may be made on this version; undefined stands for what is not there, which has no version. */
export function isMet({ anyOf, noneOf }: Precondition, version: number | undefined): boolean {
  if (version === undefined) return anyOf === undefined;
  return (anyOf === undefined || isAmong(anyOf, version)) && (noneOf === undefined || !isAmong(noneOf, version));
}

function isAmong(versions: Versions, version: number): boolean {
  return versions === '*' || versions.includes(version);
}
