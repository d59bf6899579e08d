import { EventPattern } from '@nestjs/microservices';

/** Where the gate of an aggregate is to be moved, if it is below. Versions start at 1: 0 moves nothing. */
export interface GateMove {
  /** The aggregate. */
  readonly id: string;
  readonly version: number;
}

/** Returns where the gate is then; undefined when there is no such aggregate, hence no gate. */
export type Gate = (move: GateMove) => Promise<number | undefined>;

/**
 * A method of an EventController that takes a `@Payload() move: GateMove` and keeps `Gate`'s promise. By it the
 * consumer tells what it need not park any more; on a delta topic, which needs one, an operator gives a version up by it, so
 * that the next one can follow. Elsewhere it is only asked: its version is 0.
 */
export function EventGate(topic: string): MethodDecorator {
  return EventPattern(gatePattern(topic)) as MethodDecorator;
}

export function gatePattern(topic: string): string {
  return `gate of ${topic}`;
}
