import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import type { Fulfillment, Occasion } from '../domain/fulfillment';
import { Fulfillments } from '../domain/fulfillments';
import type { KeyedRequest } from '../domain/keyed-request';

export interface AdvanceFulfillmentCommand {
  readonly id: string;
  readonly move: (fulfillment: Fulfillment, occasion: Occasion) => Fulfillment;
  readonly note?: string | null;
  readonly precondition?: Precondition;
  readonly request?: KeyedRequest;
}

@Injectable()
export class AdvanceFulfillment {
  constructor(private readonly fulfillments: Fulfillments) {}

  /** Throws FulfillmentNotFound, MoveNotAllowed. */
  execute({ id, move, note, precondition, request }: AdvanceFulfillmentCommand): Promise<Fulfillment> {
    const occasion = { at: Date.now(), note: note ?? null };
    return this.fulfillments.change(id, (fulfillment) => move(fulfillment, occasion), precondition, request);
  }
}
