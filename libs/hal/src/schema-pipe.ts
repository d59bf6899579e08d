import { type PipeTransform, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { InvalidRequest, mostErrors } from './invalid-request';

type Schema = NonNullable<ArgumentMetadata['schema']>;
type Issue = { readonly message: string; readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> };

/**
 * The app-wide pipe (HalModule provides it): checks `@Body({ schema: PlaceOrder })`, which Swagger documents too, and hands the
 * handler the parsed value. No coercion; unknown fields go unless the schema keeps them.
 */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest });
}

/** The same check where a pipe is written: `@Body(schemaPipe(PlaceOrder))`. */
export function schemaPipe(schema: Schema): PipeTransform {
  const pipe = validationPipe();
  return { transform: (value, metadata) => pipe.transform(value, { ...metadata, schema }) };
}

/** The issues that a schema found in a body, as the first 50 faults of a request. */
export function invalidRequest(issues: readonly Issue[]): InvalidRequest {
  const errors = issues.slice(0, mostErrors).map(({ path = [], message }) => ({ field: fieldOf(path), message }));
  return new InvalidRequest(errors);
}

/** `addresses[0].city` of the path `addresses`, 0, `city`. */
export function fieldOf(path: NonNullable<Issue['path']>): string {
  return path
    .map((segment) => (typeof segment === 'object' ? segment.key : segment))
    .reduce<string>((field, key) => (typeof key === 'number' ? `${field}[${key}]` : dotted(field, String(key))), '');
}

function dotted(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
