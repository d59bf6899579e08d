import { Injectable } from '@nestjs/common';
import { type OrderStatusType, ShippingMethod } from '@storefront/contracts';
import type { Fulfillment, Occasion } from '../domain/fulfillment';
import { Fulfillments } from '../domain/fulfillments';

interface Step {
  readonly from: OrderStatusType;
  readonly to: OrderStatusType;
  readonly move: (fulfillment: Fulfillment, occasion: Occasion) => Fulfillment;
}

/** The steps of the sample journey. */
const steps = {
  process: { from: 'APPROVED', to: 'PROCESSING', move: (one, occasion) => one.process(occasion) },
  ship: { from: 'PROCESSING', to: 'SHIPPED', move: (one, occasion) => one.ship(anyShippingMethod(), occasion) },
  'in-transit': { from: 'SHIPPED', to: 'IN_TRANSIT', move: (one, occasion) => one.moveInTransit(occasion) },
  receive: { from: 'IN_TRANSIT', to: 'RECEIVED', move: (one, occasion) => one.receive(occasion) },
} as const satisfies Record<string, Step>;

export type SampleStep = keyof typeof steps;

@Injectable()
export class AdvanceAllFulfillments {
  constructor(private readonly fulfillments: Fulfillments) {}

  /** Takes every fulfillment that stands before this step over it, and skips what may not move. */
  async execute(name: SampleStep): Promise<void> {
    const step: Step = steps[name];
    for await (const group of this.fulfillments.between(step.from, step.to)) {
      const ids = group.filter(({ status }) => status === step.from).map(({ id }) => id);
      await this.advance(ids, step);
    }
  }

  private async advance(ids: readonly string[], step: Step): Promise<void> {
    if (ids.length === 0) return;
    const occasion = { at: Date.now(), note: null };
    await this.fulfillments.changeAll(ids, (fulfillment) => {
      const stands = fulfillment.status === step.from && fulfillment.mayReach(step.to);
      return stands ? step.move(fulfillment, occasion) : undefined;
    });
  }
}

function anyShippingMethod(): ShippingMethod {
  const methods = ShippingMethod.options;
  return methods[Math.floor(Math.random() * methods.length)] ?? 'USPS';
}
