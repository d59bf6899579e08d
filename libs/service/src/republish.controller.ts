import { Body, Delete, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { ProblemDetailsFilter, schemaPipe } from '@storefront/hal';
import { z } from 'zod';
import { REPAIR_SOURCE, type RepairSource, type RepublishRequest } from './repair-source';

const version = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER - 1);

/** Either ids or all, so that nobody sends everything by a slip. */
const RepublishBody = z
  .object({
    topic: z.string().min(1),
    ids: z.array(z.string().min(1).max(256)).min(1).max(1000).optional(),
    all: z.literal(true).optional(),
    changedSince: z.union([z.iso.datetime({ offset: true }), z.int().min(0)]).optional(),
    aboveVersion: version.optional(),
    raise: z.boolean().optional(),
    above: z.record(z.string(), version).optional(),
    rate: z.number().min(0.1).max(10_000).default(200),
  })
  .refine(({ ids, all }) => (ids === undefined) !== (all === undefined), {
    path: ['ids'],
    error: 'either ids or "all": true is expected',
  })
  .refine(({ above, raise }) => above === undefined || raise === true, { path: ['above'], error: 'only with raise' })
  .transform(({ changedSince, ...order }): RepublishRequest => {
    const since = typeof changedSince === 'string' ? Date.parse(changedSince) : changedSince;
    return { ...order, ...(since !== undefined && { changedSince: since }) };
  });

/** Lets this service send again what it owns, beside what happens meanwhile. */
@ManagementEndpoint('republish')
@ApiExcludeController()
@UseFilters(ProblemDetailsFilter)
export class RepublishController {
  constructor(@Inject(REPAIR_SOURCE) private readonly repairs: RepairSource) {}

  @Post()
  @HttpCode(202)
  start(@Body(schemaPipe(RepublishBody)) request: RepublishRequest): Promise<object> {
    return this.repairs.republish(request);
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
