import { Body, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import {
  HalController,
  type HalItem,
  IdempotencyKey,
  IfMatches,
  type KeyedRequest,
  type Precondition,
  ProblemDetailsFilter,
} from '@storefront/hal';
import { AdvanceFulfillment, type AdvanceFulfillmentCommand } from '../application/advance-fulfillment';
import { FulfillmentCommandBody, ShipBody } from './fulfillment-command-body';
import { fulfillmentResource } from './fulfillment.resource';

type Command = FulfillmentCommandBody;

@HalController('fulfillments/:id')
@UseFilters(ProblemDetailsFilter)
export class FulfillmentCommandsController {
  constructor(private readonly advanceFulfillment: AdvanceFulfillment) {}

  @Post('process')
  @HttpCode(200)
  process(
    @Param('id') id: string,
    @Body({ schema: FulfillmentCommandBody }) { note }: Command,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({ id, note, precondition, request, move: (one, occasion) => one.process(occasion) });
  }

  @Post('ship')
  @HttpCode(200)
  ship(
    @Param('id') id: string,
    @Body({ schema: ShipBody.prefault({} as ShipBody) }) { note, shippingMethod }: ShipBody,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({
      id,
      note,
      precondition,
      request,
      move: (one, occasion) => one.ship(shippingMethod, occasion),
    });
  }

  @Post('in-transit')
  @HttpCode(200)
  moveInTransit(
    @Param('id') id: string,
    @Body({ schema: FulfillmentCommandBody }) { note }: Command,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({ id, note, precondition, request, move: (one, occasion) => one.moveInTransit(occasion) });
  }

  @Post('receive')
  @HttpCode(200)
  receive(
    @Param('id') id: string,
    @Body({ schema: FulfillmentCommandBody }) { note }: Command,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({ id, note, precondition, request, move: (one, occasion) => one.receive(occasion) });
  }

  @Post('return')
  @HttpCode(200)
  return(
    @Param('id') id: string,
    @Body({ schema: FulfillmentCommandBody }) { note }: Command,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({ id, note, precondition, request, move: (one, occasion) => one.return(occasion) });
  }

  @Post('hold')
  @HttpCode(200)
  hold(
    @Param('id') id: string,
    @Body({ schema: FulfillmentCommandBody }) { note }: Command,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({ id, note, precondition, request, move: (one, occasion) => one.hold(occasion) });
  }

  @Post('cancel')
  @HttpCode(200)
  cancel(
    @Param('id') id: string,
    @Body({ schema: FulfillmentCommandBody }) { note }: Command,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.advance({ id, note, precondition, request, move: (one, occasion) => one.cancel(occasion) });
  }

  private async advance(command: AdvanceFulfillmentCommand): Promise<HalItem> {
    return fulfillmentResource(await this.advanceFulfillment.execute(command));
  }
}
