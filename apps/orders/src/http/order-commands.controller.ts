import { Body, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import {
  HalController,
  type HalItem,
  IdempotencyKey,
  IfMatches,
  type KeyedRequest,
  type Precondition,
  ProblemDetailsFilter,
  ReadsReplicas,
} from '@storefront/hal';
import { DecideOrder, type DecideOrderCommand } from '../application/decide-order';
import { FulfillOrder } from '../application/fulfill-order';
import { CommandBody } from './command-body';
import { orderResource } from './order.resource';

@HalController('orders/:guid')
@UseFilters(ProblemDetailsFilter)
@ReadsReplicas()
export class OrderCommandsController {
  constructor(
    private readonly decideOrder: DecideOrder,
    private readonly fulfillOrder: FulfillOrder,
  ) {}

  @Post('approve')
  @HttpCode(200)
  approve(
    @Param('guid') guid: string,
    @Body({ schema: CommandBody }) body: CommandBody,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.decide({ guid, decision: 'approve', note: body?.note, precondition, request });
  }

  @Post('reject')
  @HttpCode(200)
  reject(
    @Param('guid') guid: string,
    @Body({ schema: CommandBody }) body: CommandBody,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.decide({ guid, decision: 'reject', note: body?.note, precondition, request });
  }

  @Post('hold')
  @HttpCode(200)
  hold(
    @Param('guid') guid: string,
    @Body({ schema: CommandBody }) body: CommandBody,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.decide({ guid, decision: 'hold', note: body?.note, precondition, request });
  }

  @Post('cancel')
  @HttpCode(200)
  cancel(
    @Param('guid') guid: string,
    @Body({ schema: CommandBody }) body: CommandBody,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return this.decide({ guid, decision: 'cancel', note: body?.note, precondition, request });
  }

  /** The note has no place in a request to Fulfillment; it is allowed for the sake of the other commands. */
  @Post('fulfill')
  @HttpCode(200)
  async fulfill(
    @Param('guid') guid: string,
    @Body({ schema: CommandBody }) _body: CommandBody,
    @IfMatches() precondition?: Precondition,
    @IdempotencyKey() request?: KeyedRequest,
  ): Promise<HalItem> {
    return orderResource(await this.fulfillOrder.execute({ guid, precondition, request }));
  }

  private async decide(command: DecideOrderCommand): Promise<HalItem> {
    return orderResource(await this.decideOrder.execute(command));
  }
}
