import type { Type } from '@nestjs/common';
import { ParkedEventsController } from './parked/parked-events.controller';
import { DigestController } from './repair/digest.controller';
import { RepublishController } from './repair/republish.controller';

/** Gives a controller its path by an id, its guard, and the shape of its errors. */
export type ManagementEndpoint = (id: string) => ClassDecorator;

/**
 * What operators need of messaging over HTTP. These controllers have neither path nor guard; `endpoint` gives them both. It
 * must check `@Body({ schema })` and `@Query({ schema })`, as HalModule's app-wide pipe does.
 */
export function managementControllers(endpoint: ManagementEndpoint, { consumes }: { consumes: boolean }): Type[] {
  return [
    ...(consumes ? [decorated(ParkedEventsController, endpoint('parked'))] : []),
    decorated(DigestController, endpoint('digest')),
    decorated(RepublishController, endpoint('republish')),
  ];
}

/** A class of its own: decorators stay on classes. */
function decorated(controller: Type, decorate: ClassDecorator): Type {
  const own = class extends controller {};
  Object.defineProperty(own, 'name', { value: controller.name });
  decorate(own);
  return own;
}
