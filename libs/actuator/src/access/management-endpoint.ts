import { applyDecorators, Controller, SetMetadata, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementGuard } from './management-guard';
import { MANAGEMENT_ENDPOINT } from './management-metadata';
import { OperatorAudit } from './operator-audit';

/**
 * A controller at `/actuator/{id}` for operators: exposed by Spring's rules, behind the management user and password, listed
 * in the index, and what it changes is kept as audit events. `health`, `info` and `prometheus` are open to everybody.
 */
export function ManagementEndpoint(id: string): ClassDecorator {
  return applyDecorators(
    Controller(`actuator/${id}`),
    SetMetadata(MANAGEMENT_ENDPOINT, id),
    UseGuards(ManagementGuard),
    UseInterceptors(OperatorAudit),
    ApiExcludeController(),
  );
}
