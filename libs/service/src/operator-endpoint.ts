import { applyDecorators, UseFilters } from '@nestjs/common';
import { ManagementEndpoint } from '@storefront/actuator';
import { ProblemDetailsFilter } from '@storefront/hal';

/** A controller of ours at `/actuator/{id}`: a ManagementEndpoint whose errors are always problem details. */
export function OperatorEndpoint(id: string): ClassDecorator {
  return applyDecorators(ManagementEndpoint(id), UseFilters(ProblemDetailsFilter));
}
