import { applyDecorators, UseFilters, UseInterceptors } from '@nestjs/common';
import { ManagementEndpoint } from '@storefront/actuator';
import { ProblemDetailsFilter } from '@storefront/hal';
import { MaskedReasons } from './masked-reasons';

/** A controller at `/actuator/{id}`: a ManagementEndpoint whose errors are always problem details, and whose reasons have no card number. */
export function OperatorEndpoint(id: string): ClassDecorator {
  return applyDecorators(ManagementEndpoint(id), UseFilters(ProblemDetailsFilter), UseInterceptors(MaskedReasons));
}
