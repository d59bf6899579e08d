import { Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { Changes, OnlyIf } from '@storefront/hal';
import { CreateSampleCustomers } from '../application/create-sample-customers';
import { sampleDataEnabled } from './sample-data-enabled';

/** GET changes something here because the original's scripts call it so. */
@Controller('customers/sample')
@OnlyIf(sampleDataEnabled)
export class SampleCustomersController {
  constructor(private readonly createSampleCustomers: CreateSampleCustomers) {}

  @Get()
  @Changes()
  @HttpCode(201)
  @Header('content-type', 'text/plain;charset=UTF-8')
  get(): Promise<string> {
    return this.post();
  }

  @Post()
  @Header('content-type', 'text/plain;charset=UTF-8')
  async post(): Promise<string> {
    await this.createSampleCustomers.execute();
    return 'Sample customer accounts created';
  }
}
