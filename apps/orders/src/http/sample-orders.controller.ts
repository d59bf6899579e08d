import { Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { Changes, OnlyIf } from '@storefront/hal';
import { CreateSampleOrders } from '../application/create-sample-orders';
import { FulfillApprovedOrders } from '../application/fulfill-approved-orders';
import { sampleDataEnabled } from './sample-data-enabled';

/** GET changes something here because the original's scripts call it so. */
@Controller('customers/sample')
@OnlyIf(sampleDataEnabled)
export class SampleOrdersController {
  constructor(
    private readonly createSampleOrders: CreateSampleOrders,
    private readonly fulfillApprovedOrders: FulfillApprovedOrders,
  ) {}

  @Get('orders')
  @Changes()
  @Header('content-type', 'text/plain;charset=UTF-8')
  getOrders(): Promise<string> {
    return this.postOrders();
  }

  @Post('orders')
  @HttpCode(200)
  @Header('content-type', 'text/plain;charset=UTF-8')
  async postOrders(): Promise<string> {
    await this.createSampleOrders.execute();
    return 'Sample orders added to customer orders';
  }

  @Get('fulfill')
  @Changes()
  @Header('content-type', 'text/plain;charset=UTF-8')
  getFulfill(): Promise<string> {
    return this.postFulfill();
  }

  @Post('fulfill')
  @HttpCode(200)
  @Header('content-type', 'text/plain;charset=UTF-8')
  async postFulfill(): Promise<string> {
    await this.fulfillApprovedOrders.execute();
    return "All 'Approved' orders sent for fulfillment";
  }
}
