import { type DynamicModule, type InjectionToken, Module } from '@nestjs/common';
import { DigestController } from './digest.controller';
import { REPAIR_SOURCE, type RepairSource } from './repair-source';
import { RepublishController } from './republish.controller';

/** The guarded endpoints with which operators compare a service's copies with their owners, and let owners send again. */
@Module({})
export class RepairModule {
  static forRoot(source: InjectionToken<RepairSource>): DynamicModule {
    return {
      module: RepairModule,
      controllers: [DigestController, RepublishController],
      providers: [{ provide: REPAIR_SOURCE, useExisting: source }],
    };
  }
}
