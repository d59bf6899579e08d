import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { jsonPatch } from './json-patch';
import { mergePatch, replacingPatch } from './merge-patch';

export interface PatchOptions {
  /** `test` operations of a JSON Patch hold, whatever they say: for a patch that was applied before to what they are about. */
  readonly passTests?: boolean;
}

/** What a PATCH makes of a representation. Throws InvalidRequest; the result is to be validated. */
export type Patch = (current: unknown, options?: PatchOptions) => unknown;

/** In the order OPTIONS tells them. */
const kinds: Readonly<Record<string, (current: unknown, body: unknown, options?: PatchOptions) => unknown>> = {
  'application/merge-patch+json': replacingPatch,
  'application/json-patch+json': jsonPatch,
  'application/json': mergePatch,
};

export const patchTypes: readonly string[] = Object.keys(kinds);

const patchOf = createParamDecorator((_: unknown, context: ExecutionContext): Patch => {
  const { headers, body } = context.switchToHttp().getRequest<FastifyRequest>();
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const patched = kinds[type.trim().toLowerCase()] ?? mergePatch;
  return (current, options) => patched(current, body, options);
});

/**
 * The body of a PATCH as what it makes of the item: a JSON Patch, a JSON Merge Patch, or (as `application/json`) Spring Data
 * REST's merge, arrays element by element. Says so in the OpenAPI document.
 */
export function PatchBody(): ParameterDecorator {
  return (target, method, index) => {
    patchOf()(target, method, index);
    if (method === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, method);
    if (!descriptor) return;
    ApiConsumes(...patchTypes)(target, method, descriptor);
    ApiBody({ schema: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] } })(
      target,
      method,
      descriptor,
    );
  };
}
