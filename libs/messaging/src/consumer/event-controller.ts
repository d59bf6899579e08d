import { applyDecorators, Catch, Controller, type ExceptionFilter, UseFilters } from '@nestjs/common';

/** Nest's own filter replaces an error by `{status, message}`: the consumer needs the original. */
@Catch()
class HandOver implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}

/** A Nest controller whose `@EventPattern(topic)` methods take batches of decoded events and return an Outcome for each. */
export function EventController(): ClassDecorator {
  return applyDecorators(Controller(), UseFilters(new HandOver()));
}
