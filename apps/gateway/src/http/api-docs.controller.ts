import { Controller, Get, Req } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import { Produces, requestBase } from '@storefront/hal';
import { build } from '@storefront/service';
import type { FastifyRequest } from 'fastify';
import { mergedApi } from './merged-api';
import { ServiceApiDocuments } from './service-apis';

/** One document for who calls the services through the gateway. */
@Controller('v3/api-docs')
@ApiExcludeController()
export class ApiDocsController {
  constructor(private readonly documents: ServiceApiDocuments) {}

  @Get()
  @Produces('application/json')
  async merged(@Req() request: FastifyRequest): Promise<OpenAPIObject> {
    return mergedApi(await this.documents.all(), { server: requestBase(request), version: build.version });
  }
}
