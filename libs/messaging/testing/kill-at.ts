/*
 * Preloaded by fault tests: `KILL_AT=document-written node --import ./libs/messaging/testing/kill-at.ts dist/apps/orders/src/main.js`.
 *
 * KILL_AT     the step at which the process kills itself with SIGKILL
 * KILL_AFTER  at which occurrence of that step, 1 by default
 * HOLD_AT     step:ms, a step that takes so much longer, every time
 *
 * No import and no export: Node strips the types of this file and runs it as it is, before the service. It talks to the
 * compiled steps beside the service's main.js, because a second copy of that module would hear nothing.
 */
function waitForSteps(steps: typeof import('../src/steps')): void {
  const known = (name: string | undefined, variable: string) => {
    const step = steps.STEPS.find((each) => each === name);
    if (name !== undefined && !step) throw new Error(`${variable}: ${name} is none of ${steps.STEPS.join(', ')}`);
    return step;
  };
  const [heldStep, holdMs] = process.env.HOLD_AT?.split(':') ?? [];
  const [killAt, holdAt] = [known(process.env.KILL_AT, 'KILL_AT'), known(heldStep, 'HOLD_AT')];
  let left = Number(process.env.KILL_AFTER ?? 1);
  steps.listenToSteps((step) => {
    if (step === killAt && --left === 0) {
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    }
    return step === holdAt ? new Promise((resolve) => setTimeout(resolve, Number(holdMs))) : undefined;
  });
}

{
  const { createRequire } = process.getBuiltinModule('node:module');
  const fromMain = createRequire(process.argv[1] ?? '');
  waitForSteps(fromMain('../../../libs/messaging/src/steps.js') as typeof import('../src/steps'));
}
