import { Body, Delete, HttpCode, MethodNotAllowedException, Param, Patch, Post, Put } from '@nestjs/common';
import { PathSafeId, reservedIds } from '@storefront/contracts';
import {
  changed,
  created,
  HalController,
  IdempotencyKey,
  IfMatches,
  type KeyedRequest,
  type Patch as PatchOf,
  PatchBody,
  type Precondition,
  removed,
  replaced,
  schemaPipe,
  type Written,
} from '@storefront/hal';
import { AmendCustomer } from '../application/amend-customer';
import { DeleteCustomer } from '../application/delete-customer';
import { RegisterCustomer } from '../application/register-customer';
import { ReplaceCustomer } from '../application/replace-customer';
import type { ShownDetails } from '../domain/customer';
import { CustomerBody, NewCustomerBody } from './customer-body';
import { customerResource, deletedCustomer } from './customer.resource';
import { patchedCustomer } from './patched-customer';

@HalController('customers')
export class CustomerCommandsController {
  constructor(
    private readonly registerCustomer: RegisterCustomer,
    private readonly replaceCustomer: ReplaceCustomer,
    private readonly amendCustomer: AmendCustomer,
    private readonly deleteCustomer: DeleteCustomer,
  ) {}

  @Post()
  async register(
    @Body({ schema: NewCustomerBody }) { id, ...details }: NewCustomerBody,
    @IdempotencyKey(NewCustomerBody) request?: KeyedRequest,
  ): Promise<Written> {
    return created(customerResource(await this.registerCustomer.execute({ id, details, request })));
  }

  @Put(':id')
  async replace(
    @Param('id', { transform: notReserved }, schemaPipe(PathSafeId)) id: string,
    @Body({ schema: CustomerBody }) details: CustomerBody,
    @IfMatches() precondition?: Precondition,
  ): Promise<Written> {
    const { customer, created } = await this.replaceCustomer.execute({ id, details, precondition });
    return replaced(customerResource(customer), created);
  }

  @Patch(':id')
  async amend(
    @Param('id', { transform: notReserved }) id: string,
    @PatchBody() patch: PatchOf,
    @IfMatches() precondition?: Precondition,
  ): Promise<Written> {
    const amend = (shown: ShownDetails) => patchedCustomer(id, shown, patch);
    return changed(customerResource(await this.amendCustomer.execute({ id, amend, precondition })));
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(
    @Param('id', { transform: notReserved }) id: string,
    @IfMatches() precondition?: Precondition,
  ): Promise<Written> {
    return removed(deletedCustomer(id, await this.deleteCustomer.execute(id, precondition)));
  }
}

/** `/customers/summary` and the like are resources of their own, which these methods do not fit. */
function notReserved(id: string): string {
  if (reservedIds.includes(id)) throw new MethodNotAllowedException();
  return id;
}
