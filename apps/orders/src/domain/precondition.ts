/** Which versions a write may be made on: one of `anyOf` and none of `noneOf`, where they are given; `*` stands for every version. */
export interface Precondition {
  readonly anyOf?: readonly number[] | '*';
  readonly noneOf?: readonly number[] | '*';
}
