import { eventually } from '../../test/eventually';
import { customerBody } from '../../test/system/bodies';
import { closedLoop } from '../load/closed-loop';
import { expecting, type Reply } from '../load/http';
import type { Contender } from '../rig/rig';

let marks = 0;

/** A new customer each time, told apart by his mark. */
export function newCustomer(): { mark: string; body: string } {
  const mark = `bench${marks++}`;
  return { mark, body: JSON.stringify(customerBody(mark)) };
}

/** A change of a customer, told apart by its mark, which is in his e-mail address. */
export function newDetails(): { mark: string; body: string } {
  const mark = `bench${marks++}`;
  const contact = { primaryPhone: '555-0101', secondaryPhone: null, email: mark };
  return { mark, body: JSON.stringify({ contact }) };
}

/** Registers so many and returns their ids. */
export async function register({ url }: Contender, count: number): Promise<string[]> {
  const ids: string[] = [];
  await closedLoop({
    concurrency: 8,
    requests: count,
    send: async () => {
      ids.push(idOf(await expecting(201, 'POST', `${url}/customers`, newCustomer().body)));
    },
  });
  return ids;
}

/** From `Location`; Nest's defaults send none, but the document. */
export function idOf({ headers: { location }, text }: Reply): string {
  if (typeof location === 'string') return location.split('/').at(-1) ?? '';
  return (JSON.parse(text) as { _id: string })._id;
}

/** Registers one and waits for his copy: topics are there, and the consumer has joined. */
export async function firstCopy(contender: Contender): Promise<void> {
  await register(contender, 1);
  await eventually(
    () => contender.replicas.estimatedDocumentCount(),
    (count) => count > 0,
    60_000,
  );
}
