import type { CallHandler, NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { withoutCardNumbers } from './logging/card-numbers-in-text';

/** Members of an answer whose text may quote what somebody sent. */
const quoting = new Set(['reason', 'fault', 'stack', 'trouble', 'lastFailure']);

/** Masks card numbers in the reasons of an answer, as in the log: they may quote what somebody sent. What an event has stays as it is. */
export class MaskedReasons implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((answer: unknown) => withMaskedReasons(answer)));
  }
}

/** A copy of a plain answer whose reasons have no card number; anything else is returned as it is. */
export function withMaskedReasons(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withMaskedReasons);
  if (typeof answer !== 'object' || answer === null || Object.getPrototypeOf(answer) !== Object.prototype)
    return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      quoting.has(name) && typeof value === 'string' ? maskedText(value) : withMaskedReasons(value),
    ]),
  );
}

/** The redaction is of a line of JSON. */
function maskedText(text: string): string {
  return JSON.parse(withoutCardNumbers(JSON.stringify(text))) as string;
}
