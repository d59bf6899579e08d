/*
 * Preloaded by fault tests: `node --import ./libs/messaging/testing/bad-handler.ts dist/apps/orders/src/main.js`. The
 * service's handlers throw at events whose id begins with `handler-throws`, say nothing of those that begin with
 * `handler-silent`, and never return from those that begin with `handler-hangs`.
 *
 * No import and no export, as in kill-at.ts.
 */
{
  type Handler = (events: readonly { id: string }[]) => Promise<unknown>;

  const badly = (handler: Handler): Handler => {
    return async (events) => {
      const has = (fault: string) => events.some(({ id }) => id.startsWith(`handler-${fault}`));
      if (has('throws')) throw new RangeError('this handler was told to throw');
      if (has('silent')) return undefined;
      if (has('hangs')) return new Promise(() => undefined);
      return handler(events);
    };
  };

  const { createRequire } = process.getBuiltinModule('node:module');
  const fromMain = createRequire(process.argv[1] ?? '');
  const { KafkaConsumer } = fromMain('../../../libs/messaging/src/consumer/kafka-consumer.js') as {
    KafkaConsumer?: { prototype: Record<string, (topic: string) => Handler | undefined> };
  };
  const original = KafkaConsumer?.prototype.batchHandler;
  if (!KafkaConsumer || !original) throw new Error('KafkaConsumer has no batchHandler: change this hook');
  KafkaConsumer.prototype.batchHandler = function (this: unknown, topic: string) {
    const handler = original.call(this, topic);
    return handler && badly(handler);
  };
}
