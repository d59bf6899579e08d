import { GeneratedFile } from './bindings';

const docs = (name: string, about = '') => `/**
    * ${about}
    *
    * Docs at Terraform Registry: {@link https://example.org/docs#${name} Shop#${name}}
    */`;

const declarations = `export interface ShopConfig extends cdktf.TerraformMetaArguments {
    ${docs('name')}
    readonly name: string;
    ${docs('open_days', 'Days, as numbers')}
    readonly openDays?: number[];
    ${docs('tags')}
    readonly tags?: {
        [key: string]: string;
    };
    ${docs('door')}
    readonly door?: ShopDoor;
    ${docs('rule')}
    readonly rule?: ShopRule[] | cdktf.IResolvable;
    ${docs('shelf', 'shelf block')}
    readonly shelf: ShopShelf;
    ${docs('till', 'till block')}
    readonly till?: ShopTill[] | cdktf.IResolvable;
}
${['Door', 'Rule', 'Shelf', 'Till']
  .map(
    (name) => `export interface Shop${name} {
    ${docs('width')}
    readonly width: number;
}`,
  )
  .join('\n')}
`;

const field = (name: string, value: string, [kind = '', of = '']: readonly string[]) => `            ${name}: {
                value: ${value},
                isBlock: ${/^[A-Z]/.test(of)},
                type: "${kind}",
                storageClassType: "${of}",
            },`;

const struct = (name: string, value = 'cdktf.numberToHclTerraform(struct.width)') => `
export function shop${name}ToHclTerraform(struct) {
    const attrs = {
${field('width', value, ['simple', 'number'])}
    };
}
export class Shop${name}OutputReference extends cdktf.ComplexObject {
    get width() {
        return this.getNumberAttribute('width');
    }
    get color() {
        return this.getStringAttribute('color');
    }
}`;

const code = `${['Door', 'Shelf', 'Till'].map((name) => struct(name)).join('')}
${struct('Rule', 'struct.width === undefined ? null : cdktf.numberToHclTerraform(struct.width)')}
export class Shop extends cdktf.TerraformResource {
    static tfResourceType = "mall_shop";
    constructor(scope, id, config) {
        super(scope, id, { terraformGeneratorMetadata: { providerVersion: '2.3.0' } });
    }
    get arn() {
        return this.getStringAttribute('arn');
    }
    get zones() {
        return cdktf.Fn.tolist(this.getListAttribute('zones'));
    }
    _windows = new ShopDoorList(this, "windows", true);
    get windows() {
        return this._windows;
    }
    synthesizeHclAttributes() {
        const attrs = {
${field('name', 'cdktf.stringToHclTerraform(this._name)', ['simple', 'string'])}
${field('open_days', 'cdktf.listMapperHcl(cdktf.numberToHclTerraform, false)(this._openDays)', ['set', 'numberList'])}
${field('tags', 'cdktf.hashMapperHcl(cdktf.stringToHclTerraform)(this._tags)', ['map', 'stringMap'])}
${field('door', 'shopDoorToHclTerraform(this._door.internalValue)', ['struct', 'ShopDoor'])}
${field('rule', 'cdktf.listMapperHcl(shopRuleToHclTerraform, false)(this._rule.internalValue)', ['set', 'ShopRuleList'])}
${field('shelf', 'shopShelfToHclTerraform(this._shelf.internalValue)', ['list', 'ShopShelfList'])}
${field('till', 'cdktf.listMapperHcl(shopTillToHclTerraform, true)(this._till.internalValue)', ['set', 'ShopTillList'])}
        };
    }
}
`;

describe('bindings', () => {
  const file = new GeneratedFile('shop', code, declarations);
  const { attributes, block_types: blocks } = file.block();
  const optional = { optional: true, computed: true };
  const inside = { width: { type: 'number', required: true }, color: { type: 'string', computed: true } };

  it('tell the type and the version', () => {
    expect([file.type, file.version]).toEqual(['mall_shop', '2.3.0']);
  });

  it('tell settings, and what only the provider sets', () => {
    expect(attributes).toEqual({
      name: { type: 'string', required: true },
      open_days: { type: ['set', 'number'], ...optional },
      tags: { type: ['map', 'string'], ...optional },
      door: { nested_type: { attributes: inside, nesting_mode: 'single' }, ...optional },
      rule: { type: ['set', ['object', { width: 'number', color: 'string' }]], ...optional },
      arn: { type: 'string', computed: true },
      zones: { type: ['set', 'string'], computed: true },
      windows: { type: ['set', ['object', { width: 'number', color: 'string' }]], computed: true },
    });
  });

  it('tell blocks, and how many there may be', () => {
    const block = { attributes: inside, block_types: {} };
    expect(blocks).toEqual({
      shelf: { block, nesting_mode: 'list', min_items: 1, max_items: 1 },
      till: { block, nesting_mode: 'set' },
    });
  });

  it('are refused where a setting cannot be read', () => {
    const lost = new GeneratedFile(
      'shop',
      code.replace('type: "simple",\n                storageClassType: "string"', ''),
      declarations,
    );
    expect(() => lost.block()).toThrow('shop: cannot read all of ShopConfig (name)');
  });
});
