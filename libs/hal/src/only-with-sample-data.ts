import { type CanActivate, Inject, Injectable, NotFoundException } from '@nestjs/common';

/** Token of a boolean: SAMPLE_DATA is enabled. */
export const sampleDataEnabled = Symbol('sampleDataEnabled');

/** As if the routes were not there, unless sample data is enabled. */
@Injectable()
export class OnlyWithSampleData implements CanActivate {
  constructor(@Inject(sampleDataEnabled) private readonly enabled: boolean) {}

  canActivate(): boolean {
    if (!this.enabled) throw new NotFoundException();
    return true;
  }
}
