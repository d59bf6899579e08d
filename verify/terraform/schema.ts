/** Of a value, as `terraform providers schema -json` has it: a word, or a collection and what it is of. */
export type Type = string | readonly [string, Type | Readonly<Record<string, Type>>];

export interface Attribute {
  readonly type?: Type;
  readonly nested_type?: { readonly attributes: Readonly<Record<string, Attribute>>; readonly nesting_mode: string };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

export interface BlockType {
  readonly block: Block;
  readonly nesting_mode: string;
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly block_types: Readonly<Record<string, BlockType>>;
}
