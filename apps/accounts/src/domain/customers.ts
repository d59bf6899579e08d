import type { Precondition } from '@storefront/contracts';
import type { Customer } from './customer';
import type { KeyedRequest } from './keyed-request';
import type { Page, PageRequest } from './page';

/** All customers. A deleted one is as good as absent, but his id stays taken. */
export abstract class Customers {
  /** An id nobody has; for a request that may come again always the same one. */
  abstract nextId(request?: KeyedRequest): string;

  abstract find(id: string): Promise<Customer | undefined>;

  abstract page(request: PageRequest): Page<Customer>;

  /** The ids of the sample customers there are, by sample. */
  abstract sampleIds(): Promise<ReadonlyMap<string, string>>;

  /** Every customer, in groups that are read while they are taken. */
  abstract all(): AsyncIterable<readonly Customer[]>;

  /**
   * Throws when the id is taken, by a deleted customer too. When this request added him before, he comes back as he was then.
   */
  abstract add(customer: Customer, request?: KeyedRequest): Promise<Customer>;

  /** `amend` may be called more than once: it must be pure. Throws CustomerNotFound. */
  abstract change(id: string, amend: (customer: Customer) => Customer, precondition?: Precondition): Promise<Customer>;

  /** Adds, replaces or brings back a customer. `decide` must be pure. */
  abstract put(
    id: string,
    decide: (present: Customer | undefined) => Customer,
    precondition?: Precondition,
  ): Promise<{ customer: Customer; created: boolean }>;

  /** The same for many; `decide` returns undefined to leave the present one alone. */
  abstract putAll(
    ids: readonly string[],
    decide: (id: string, present: Customer | undefined) => Customer | undefined,
  ): Promise<void>;

  /** Returns the version that the deletion made. Throws CustomerNotFound. */
  abstract remove(id: string, precondition?: Precondition): Promise<number>;
}
