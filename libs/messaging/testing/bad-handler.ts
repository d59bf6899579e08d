/*
 * Preloaded by fault tests: `node --import ./libs/messaging/testing/bad-handler.ts dist/apps/orders/src/main.js`. The
 * service's handlers throw at events that have `handler-throws` somewhere in their text, say nothing of those with
 * `handler-silent`, and never return from those with `handler-hangs`.
 *
 * No import and no export, as in kill-at.ts.
 */
{
  type Handler = (events: readonly { value: unknown }[]) => Promise<unknown>;

  const badly = (handler: Handler): Handler => {
    return async (events) => {
      // a gate's
      if (!Array.isArray(events)) return handler(events);
      const text = JSON.stringify(events.map(({ value }) => value));
      if (text.includes('handler-throws')) throw new RangeError('this handler was told to throw');
      if (text.includes('handler-silent')) return undefined;
      if (text.includes('handler-hangs')) return new Promise(() => undefined);
      return handler(events);
    };
  };

  const { createRequire } = process.getBuiltinModule('node:module');
  const fromMain = createRequire(process.argv[1] ?? '');
  const { KafkaConsumer } = fromMain('../../../libs/messaging/src/consumer/kafka-consumer.js') as {
    KafkaConsumer?: { prototype: Record<string, (pattern: string) => Handler | undefined> };
  };
  const original = KafkaConsumer?.prototype.handlerOf;
  if (!KafkaConsumer || !original) throw new Error('KafkaConsumer has no handlerOf: change this hook');
  KafkaConsumer.prototype.handlerOf = function (this: unknown, pattern: string) {
    const handler = original.call(this, pattern);
    return handler && badly(handler);
  };
}
