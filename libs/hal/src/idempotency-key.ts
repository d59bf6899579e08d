import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { InvalidRequest, MalformedHeader } from './invalid-request';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who the request was proved to come from, where something proves it: one client's keys are not another's. */
    principal?: string;
  }
}

/** A request that its client can send again without a second effect. Both are hexadecimal digests. */
export interface KeyedRequest {
  /** Of the principal, the route with its parameters, and the key. */
  readonly key: string;
  /**
   * Of the body, whatever the order of its members, the space between them and the spelling of its ids. Of a card number only the last four digits count: it has
   * so few others that anyone who reads the store could find them by trying.
   */
  readonly fingerprint: string;
}

const name = 'Idempotency-Key';
const maxLength = 255;
const nobody = '-';
const cardNumber = /^\s{0,9}\d(?:[ -]?\d){12,18}$/;
/** A String of RFC 9651, as the draft asks for; or the key alone, as most clients send it. */
const quoted = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
const plain = /^[!#-+\--:<-~]+$/;

const documented = {
  name,
  required: false,
  description:
    'Makes it safe to send this request again: the same key with the same body has one effect and gets the first answer ' +
    'again, with another body it is refused with 422. 1 to 255 characters, in quotes or not; a UUID is a good one. Kept ' +
    'for 24 hours; where one resource gets more than 255 such requests in that time, the oldest are forgotten after at ' +
    'least 10 minutes (draft-ietf-httpapi-idempotency-key-header).',
  schema: { type: 'string' as const, minLength: 1, maxLength: maxLength + 2 },
};

// the schema in an object: Nest takes an argument that has a `transform` for a pipe
const keyedRequestOf = createParamDecorator((reads: { readonly body?: z.ZodType }, context: ExecutionContext) =>
  keyedRequest(context.switchToHttp().getRequest<FastifyRequest>(), reads.body),
);

/**
 * The request with its `Idempotency-Key`, as a parameter; undefined where the client sent none. Says so in the OpenAPI document.
 * A key that cannot be one is answered 400. Where a `schema` is given, bodies that it reads alike are the same body: what it spells
 * in one way, such as ids, or fills in counts as it is then.
 */
export function IdempotencyKey(schema?: z.ZodType): ParameterDecorator {
  return (target, method, index) => {
    keyedRequestOf({ body: schema })(target, method, index);
    if (method === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, method);
    if (descriptor) ApiHeader(documented)(target, method, descriptor);
  };
}

export function keyedRequest(request: FastifyRequest, schema?: z.ZodType): KeyedRequest | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = keyOf(String(header));
  const route = request.routeOptions.url ?? '';
  const scope = [request.principal ?? nobody, request.method, route, canonical(request.params), key];
  return { key: digest(JSON.stringify(scope)), fingerprint: digest(canonical(read(request.body, schema))) };
}

/** The body as its operation gets it. What does not fit is refused elsewhere. */
function read(body: unknown, schema: z.ZodType | undefined): unknown {
  const result = schema?.safeParse(body);
  return result?.success ? result.data : body;
}

function keyOf(header: string): string {
  const text = header.trim();
  const key = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? plain.exec(text)?.[0];
  if (key === undefined) throw new MalformedHeader(name, 'must be one key of printable ASCII characters');
  if (key === '' || key.length > maxLength) throw new MalformedHeader(name, `must have 1 to ${maxLength} characters`);
  return key;
}

/** One text for equal values: members sorted. */
function canonical(value: unknown): string {
  try {
    return JSON.stringify(value, (_, member: unknown) => counted(member)) ?? '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidRequest([{ field: '', message: 'is nested too deeply' }]);
  }
}

function counted(member: unknown): unknown {
  if (typeof member === 'string' && cardNumber.test(member)) return member.slice(-4);
  return isObject(member) ? sorted(member) : member;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
