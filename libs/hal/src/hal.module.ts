import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { FailureFilter, ProblemDetailsFilter } from './failure-filter';
import { validationPipe } from './schema-pipe';
import { VersionWaits } from './version-waits';

export interface HalOptions {
  /** `recorded`: the shapes of the original services (default). `problem-details`: RFC 9457, whatever `Accept` says. */
  errors?: 'recorded' | 'problem-details';
}

/** The failure filter and the validation pipe for the whole app. `restConventions` does the rest, on the Fastify server. */
@Module({})
export class HalModule {
  static forRoot({ errors = 'recorded' }: HalOptions = {}): DynamicModule {
    return {
      module: HalModule,
      global: true,
      providers: [
        { provide: APP_FILTER, useClass: errors === 'recorded' ? FailureFilter : ProblemDetailsFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
        VersionWaits,
      ],
      exports: [VersionWaits],
    };
  }
}
