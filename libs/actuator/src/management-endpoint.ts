import { applyDecorators, Controller, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementGuard } from './management-guard';

export const MANAGEMENT_ENDPOINT = 'storefront:management-endpoint';

/** A controller at `/actuator/{id}` for operators: behind the management user and password, and listed in the index when these are set. */
export function ManagementEndpoint(id: string): ClassDecorator {
  return applyDecorators(
    Controller(`actuator/${id}`),
    SetMetadata(MANAGEMENT_ENDPOINT, id),
    UseGuards(ManagementGuard),
    ApiExcludeController(),
  );
}
