import type { Attribute, Block, BlockType, Type } from './schema';

/** A field of a class that was generated: how a setting is written, and as what. */
interface Field {
  readonly value: string;
  readonly kind: string;
  readonly of: string;
}

/** What a setting's declaration says. */
interface Declared {
  readonly isRequired: boolean;
  readonly isBlock: boolean;
}

const primitives: Readonly<Record<string, Type>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  any: 'dynamic',
};

/**
 * The schema of which bindings were generated (by CDK for Terraform): the declarations know what is required and
 * what is a block, the code knows names and types. Throws at what it cannot read, so that nothing is left out unseen.
 */
export class GeneratedFile {
  private readonly declared: ReadonlyMap<string, ReadonlyMap<string, Declared>>;
  private readonly written: ReadonlyMap<string, ReadonlyMap<string, Field>>;
  private readonly classes: ReadonlyMap<string, string>;
  private readonly main: string;

  constructor(
    private readonly name: string,
    private readonly code: string,
    declarationsText: string,
  ) {
    this.declared = declarations(declarationsText);
    this.written = fieldsByStruct(code);
    const classes = code.matchAll(/^(?:export )?class (\w+) extends \w+\.\w+ \{\n([^]*?)^\}/gm);
    this.classes = new Map([...classes].map(([, name = '', body = '']) => [name, body]));
    this.main = [...this.classes.keys()].find((each) => this.declared.has(`${each}Config`)) ?? this.wrong('a class');
  }

  /** What it is the schema of, as Terraform names it. */
  get type(): string {
    return /tfResourceType = ["'](\w+)["']/.exec(this.code)?.[1] ?? this.wrong('its type');
  }

  /** The provider's version. */
  get version(): string {
    return /providerVersion: ["']([\d.]+)["']/.exec(this.code)?.[1] ?? this.wrong('a version');
  }

  block(): Block {
    return this.struct(`${this.main}Config`, 'synthesizeHclAttributes', this.main);
  }

  private struct(name: string, writer = `${name}ToHclTerraform`, reader = `${name}OutputReference`): Block {
    const declared = this.declared.get(name) ?? this.wrong(name);
    const written = this.written.get(writer.toLowerCase()) ?? this.wrong(writer);
    const unknown = [...declared.keys()].filter((each) => !written.has(each));
    if (unknown.length > 0 || declared.size !== written.size) this.wrong(`all of ${name} (${unknown.join(', ')})`);
    // a provider's own settings are read by nobody
    const attributes = this.classes.has(reader) ? this.computed(reader) : {};
    const blocks: Record<string, BlockType> = {};
    for (const [key, field] of written) {
      delete attributes[key];
      const { isRequired, isBlock } = declared.get(key) ?? this.wrong(key);
      if (isBlock) blocks[key] = this.nested(field, isRequired);
      else
        attributes[key] = {
          ...this.typeOf(field),
          ...(isRequired ? { required: true } : { optional: true, computed: true }),
        };
    }
    return { attributes, block_types: blocks };
  }

  private nested({ value, kind, of }: Field, isRequired: boolean): BlockType {
    const block = this.struct(this.structName(of));
    if (kind === 'struct') return { block, nesting_mode: 'single' };
    const isMany = value.includes('listMapperHcl(');
    return { block, nesting_mode: kind, ...(isRequired && { min_items: 1 }), ...(!isMany && { max_items: 1 }) };
  }

  private typeOf({ kind, of }: Field): Attribute {
    const simple = primitives[of];
    if (kind === 'simple' && simple) return { type: simple };
    const element = primitives[/^([a-z]+)(?:List|Map)$/.exec(of)?.[1] ?? ''];
    if (element) return { type: [kind, element] };
    const name = this.structName(of);
    const { attributes } = this.struct(name);
    const mode = kind === 'struct' ? 'single' : kind;
    // a list of objects that may be written as blocks: nobody but the older framework has them, and its objects have no optional part
    const isOfObjects = [...(this.written.get(`${name}ToHclTerraform`.toLowerCase())?.values() ?? [])].some(
      ({ value }) => value.includes('=== undefined ? null'),
    );
    return isOfObjects ? { type: [mode, objectOf(attributes)] } : { nested_type: { attributes, nesting_mode: mode } };
  }

  /** What only the provider sets: read by getters. */
  private computed(className: string): Record<string, Attribute> {
    const body = this.classes.get(className) ?? this.wrong(className);
    const result: Record<string, Attribute> = {};
    for (const [, wrapper = '', kind = '', name = ''] of body.matchAll(
      /return ((?:[\w.]+\()*)this\.(?:get(\w+)Attribute|interpolationForAttribute)\(["'](\w+)["']\)/g,
    )) {
      result[name] = { type: getterType(kind, wrapper.includes('tolist')), computed: true };
    }
    for (const [, of = '', name = '', isSet] of body.matchAll(
      /^ *_\w+ = new ([\w.]+)\(this, ["'](\w+)["'](?:, (true|false))?\)/gm,
    )) {
      result[name] = { type: this.objectType(of, isSet === 'true'), computed: true };
    }
    return result;
  }

  private objectType(of: string, isSet: boolean): Type {
    const map = /\.(String|Number|Boolean|Any)Map$/.exec(of)?.[1];
    if (map) return ['map', primitives[map.toLowerCase()] ?? 'dynamic'];
    if (of.includes('.')) return 'dynamic';
    const object = (name: string) => objectOf(this.computed(name));
    if (of.endsWith('OutputReference')) return object(of);
    if (of.endsWith('List')) return [isSet ? 'set' : 'list', object(`${of.slice(0, -4)}OutputReference`)];
    return this.wrong(of);
  }

  private structName(of: string): string {
    const name = this.declared.has(of) ? of : of.replace(/(List|Map)$/, '');
    return this.declared.has(name) ? name : this.wrong(of);
  }

  private wrong(what: string): never {
    throw new Error(`${this.name}: cannot read ${what}`);
  }
}

function declarations(text: string): Map<string, Map<string, Declared>> {
  const interfaces = [...text.matchAll(/^export interface (\w+)[^{]*\{\n([^]*?)^\}/gm)];
  return new Map(
    interfaces.map(([, name = '', body = '']) => {
      const members = [...body.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*readonly \w+(\??):/g)];
      if (members.length !== body.match(/^ {4}readonly /gm)?.length && body.trim() !== '')
        throw new Error(`${name}: a setting cannot be read`);
      return [name, new Map(members.map(([, comment = '', mark]) => declaration(comment, mark === '')))];
    }),
  );
}

function declaration(comment: string, isRequired: boolean): [string, Declared] {
  const name = /#(\w+) \w+#\1\}/.exec(comment)?.[1];
  if (!name) throw new Error(`no name in ${comment}`);
  return [name, { isRequired, isBlock: new RegExp(`^\\s*\\* ${name} block$`, 'm').test(comment) }];
}

function fieldsByStruct(code: string): Map<string, Map<string, Field>> {
  const writers = code.matchAll(/\b(\w+ToHclTerraform|synthesizeHclAttributes)\((?:struct)?\) \{\n([^]*?)\n *\};/g);
  return new Map([...writers].map(([, name = '', body = '']) => [name.toLowerCase(), fields(body)]));
}

function fields(body: string): Map<string, Field> {
  const found = body.matchAll(
    /(\w+): \{\s*value: ([^\n]*),\n\s*isBlock: (?:true|false),\s*type: ["'](\w+)["'],\s*storageClassType: ["'](\w+)["'],?\s*\}/g,
  );
  return new Map([...found].map(([, name = '', value = '', kind = '', of = '']) => [name, { value, kind, of }]));
}

function getterType(kind: string, isSet: boolean): Type {
  const [, of = '', many] = /^(String|Number|Boolean)?(List|Map)?$/.exec(kind) ?? [];
  const one = primitives[(of || 'string').toLowerCase()] ?? 'dynamic';
  if (many === 'Map') return ['map', one];
  if (many === 'List') return [isSet ? 'set' : 'list', one];
  return of ? one : 'dynamic';
}

function objectOf(attributes: Readonly<Record<string, Attribute>>): Type {
  const types = Object.entries(attributes).map(([name, { type, nested_type: nested }]) => [
    name,
    type ?? (nested ? [nested.nesting_mode, objectOf(nested.attributes)] : 'dynamic'),
  ]);
  return ['object', Object.fromEntries(types) as Record<string, Type>];
}
