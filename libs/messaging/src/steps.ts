/**
 * The points between two effects at which a process may die. They do nothing here: tests listen to them through
 * `libs/messaging/testing` to stop a process exactly there.
 */
export const STEPS = [
  'document-written',
  'batch-acknowledged',
  'outbox-cleared',
  'events-received',
  'events-applied',
  'events-parked',
  'offsets-resolved',
] as const;

export type Step = (typeof STEPS)[number];

type Listener = (step: Step) => void | Promise<void>;

let listener: Listener | undefined;

export function reached(step: Step): void | Promise<void> {
  return listener?.(step);
}

export function listenToSteps(newListener: Listener | undefined): void {
  listener = newListener;
}
