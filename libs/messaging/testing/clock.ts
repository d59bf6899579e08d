/*
 * Preloaded by fault tests: `CLOCK_SHIFT_MS=-600000 node --import ./libs/messaging/testing/clock.ts
 * dist/apps/orders/src/main.js` runs ten minutes behind. What measures time (performance.now, timers) is left alone, as on
 * a machine whose clock is wrong.
 *
 * No import and no export, as in kill-at.ts.
 */
{
  const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
  if (!Number.isInteger(shiftMs)) throw new Error(`CLOCK_SHIFT_MS=${process.env.CLOCK_SHIFT_MS} is no number of ms`);
  const RightDate = Date;
  globalThis.Date = new Proxy(RightDate, {
    construct: (date, args, called) =>
      Reflect.construct(date, args.length === 0 ? [RightDate.now() + shiftMs] : args, called) as Date,
    apply: () => new RightDate(RightDate.now() + shiftMs).toString(),
    get: (date, name, receiver) =>
      name === 'now' ? () => RightDate.now() + shiftMs : (Reflect.get(date, name, receiver) as unknown),
  });
}
