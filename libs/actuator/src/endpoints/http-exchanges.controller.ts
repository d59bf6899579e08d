import { Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';
import { HttpExchanges } from '../http/http-exchanges';

/** `/actuator/httpexchanges`: the last requests and their answers. */
@ManagementEndpoint('httpexchanges')
export class HttpExchangesController {
  constructor(@Inject(HttpExchanges) private readonly exchanges: HttpExchanges) {}

  @Get()
  all(@Res() reply: FastifyReply): void {
    answer(reply, { exchanges: this.exchanges.all() });
  }
}
