import type { ServiceOptions } from '../../scripts/system';

const testing = './libs/messaging/testing';
const preloading = (hook: string): string[] => ['--import', `${testing}/${hook}.ts`];

/** Handlers that throw, say nothing or never return, as the text of an event asks for. */
export const badHandler: ServiceOptions = { nodeArgs: preloading('bad-handler') };

/** A machine whose clock is wrong by so much. */
export function clockShifted(shiftMs: number): ServiceOptions {
  return { nodeArgs: preloading('clock'), env: { CLOCK_SHIFT_MS: String(shiftMs) } };
}

/** A service without one of the things that keep it right. */
export function without(safeguard: string): ServiceOptions {
  return { nodeArgs: preloading('without'), env: { WITHOUT: safeguard } };
}
