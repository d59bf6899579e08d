import type { Storefront } from '../system/storefront';
import { customerBody } from '../system/bodies';

interface Body {
  readonly addresses: readonly object[];
}

const PARALLEL = 4;

/** Bodies from nearly 256 KiB downwards: which of them a service takes depends on what it lets a field and a list have. */
const candidates: readonly ((id: string) => object)[] = [
  (id) => ({ ...customerBody(id), name: { title: 'Ms.', firstName: 'x'.repeat(240_000), lastName: id } }),
  (id) => customerWith(id, { addresses: 50, text: '€'.repeat(500) }),
  (id) => customerWith(id, { addresses: 50, text: 'x'.repeat(500) }),
  (id) => customerWith(id, { addresses: 10, text: 'x'.repeat(200) }),
];

/** A customer whose addresses have three long texts each. */
export function customerWith(id: string, { addresses, text }: { addresses: number; text: string }): object {
  const body = customerBody(id) as Body;
  const long = { ...body.addresses[0], description: text, address1: text, address2: text };
  return { ...body, addresses: Array.from({ length: addresses }, () => long) };
}

/** Registers customers as large as the API allows, through the gateway; returns how many bytes one of them has as JSON. */
export async function registerLarge(storefront: Storefront, ids: readonly string[]): Promise<number> {
  const body = await largest(storefront, ids[0] ?? '');
  const left = [...ids];
  const work = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) await put(storefront, id, body(id));
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return Buffer.byteLength(JSON.stringify(body('')));
}

async function largest(storefront: Storefront, id: string): Promise<(id: string) => object> {
  for (const body of candidates) {
    const { status } = await storefront.request('PUT', `/accounts/customers/${id}`, body(id));
    if (status < 300) return body;
    if (status !== 400 && status !== 413) throw new Error(`PUT of a large customer: ${status}`);
  }
  throw new Error('No customer is small enough.');
}

async function put(storefront: Storefront, id: string, body: object): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { status, text } = await storefront.request('PUT', `/accounts/customers/${id}`, body);
    if (status < 300) return;
    if (status !== 503) throw new Error(`PUT ${id}: ${status} ${text}`);
  }
  throw new Error(`PUT ${id} was refused 20 times.`);
}
