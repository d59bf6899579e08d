import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { FailureFilter } from './failure-filter';
import { validationPipe } from './schema-pipe';

/** The failure filter and the validation pipe for the whole app. `restConventions` does the rest, on the Fastify server. */
@Module({
  providers: [
    { provide: APP_FILTER, useClass: FailureFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
  ],
})
export class HalModule {}
