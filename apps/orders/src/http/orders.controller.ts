import { Body, Get, Param, Post, Query, UseFilters } from '@nestjs/common';
import {
  created,
  HalController,
  type HalItem,
  halItems,
  type HalPage,
  halPage,
  IdempotencyKey,
  type KeyedRequest,
  pageRequest,
  ProblemDetailsFilter,
  ReadsReplicas,
  type Written,
} from '@storefront/hal';
import { PlaceOrder } from '../application/place-order';
import { ViewOrders } from '../application/view-orders';
import { OrderBody } from './order-body';
import { orderResource, rels, sortable } from './order.resource';

@HalController()
@UseFilters(ProblemDetailsFilter)
@ReadsReplicas()
export class OrdersController {
  constructor(
    private readonly orders: ViewOrders,
    private readonly placeOrder: PlaceOrder,
  ) {}

  @Get('orders/:guid')
  async one(@Param('guid') guid: string): Promise<HalItem> {
    const { order, hasCustomer } = await this.orders.one(guid);
    return orderResource(order, { hasCustomer });
  }

  @Get('customers/:customerId/orders')
  async ofCustomer(@Param('customerId') customerId: string, @Query() query: unknown): Promise<HalPage> {
    const request = pageRequest(query, sortable);
    const { groups, totalElements } = await this.orders.ofCustomer(customerId, request);
    return halPage({
      rel: rels.collection,
      items: halItems(groups, (order) => orderResource(order)),
      totalElements,
      request,
    });
  }

  @Post('customers/:customerId/orders')
  async place(
    @Param('customerId') customerId: string,
    @Body({ schema: OrderBody }) { items }: OrderBody,
    @IdempotencyKey(OrderBody) request?: KeyedRequest,
  ): Promise<Written> {
    return created(orderResource(await this.placeOrder.execute({ customerId, items, request })));
  }
}
