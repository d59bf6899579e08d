import { Body, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Republish } from './repair-requests';
import { Repairs } from './repairs';

/** Lets this service send again what it owns, beside what happens meanwhile. */
export class RepublishController {
  constructor(@Inject(Repairs) private readonly repairs: Repairs) {}

  @Post()
  @HttpCode(202)
  start(@Body({ schema: Republish }) order: Republish): Promise<object> {
    return this.repairs.republish(order);
  }

  @Get()
  jobs(): Promise<object> {
    return this.repairs.jobs();
  }

  @Get(':id')
  job(@Param('id') id: string): Promise<object> {
    return this.repairs.job(id);
  }

  @Delete(':id')
  cancel(@Param('id') id: string): Promise<object> {
    return this.repairs.cancel(id);
  }
}
