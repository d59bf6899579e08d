import { z } from 'zod';
import { Address } from './address';
import { AggregateId } from './aggregate-id';
import { Contact } from './contact';
import { eventList } from './limits';
import { Name } from './name';

export const CustomerChange = z
  .object({
    id: AggregateId,
    name: Name,
    contact: Contact,
    addresses: eventList(Address),
  })
  .describe('Accounts reports how a customer is now (the whole of it, but no credit cards).');
export type CustomerChange = z.infer<typeof CustomerChange>;
