import { type AnswerLimits, answerLimits } from '@storefront/hal';
import { z } from 'zod';

function wholeNumber(min: number, max: number, byDefault: number) {
  const error = `a whole number from ${min} to ${max} is expected`;
  return z.coerce.number({ error }).pipe(z.int({ error }).min(min, { error }).max(max, { error })).default(byDefault);
}

const MiB = 1024 * 1024;

/** How much a process sends at a time. */
export const answerEnvironment = {
  /** Bytes of the elements of one page: it ends before them, and `next` goes on. */
  HTTP_MAX_PAGE_BYTES: wholeNumber(1_024, 64 * MiB, answerLimits.maxPageBytes),
  /** Bytes of all pages that are made or sent at a time, and a quarter besides for single resources: beyond them an answer waits 3 s at most, then it is refused with 503. */
  HTTP_MAX_PAGES_BYTES: wholeNumber(1_024, 1_024 * MiB, answerLimits.maxPagesBytes),
  /** Summaries that are sent at a time: further ones are refused with 503. */
  HTTP_MAX_SUMMARIES: wholeNumber(1, 1_000, answerLimits.maxCollections),
};

type AnswerEnvironment = z.output<z.ZodObject<typeof answerEnvironment>>;

/** The settings as the HTTP conventions take them. */
export function answerLimitsOf(environment: AnswerEnvironment): AnswerLimits {
  return {
    maxPageBytes: environment.HTTP_MAX_PAGE_BYTES,
    maxPagesBytes: environment.HTTP_MAX_PAGES_BYTES,
    maxCollections: environment.HTTP_MAX_SUMMARIES,
  };
}
