/*
 * Preloaded by the fault suite's negative controls: `WITHOUT=outbox node --import ./libs/messaging/testing/without.ts
 * dist/apps/orders/src/main.js` is that service without one of the things that keep it right, so that the suite can be seen
 * to notice.
 *
 * WITHOUT  version-gate         a copy takes whatever comes last
 *          derived-id           what an event creates gets a new id every time
 *          outbox               events are sent after the write, and stand in no document
 *          own-offsets          a store takes over where its group stands, whatever it has applied
 *          plain-producer       kafkajs' idempotent mode instead
 *          inflation-bound      compressed batches are opened however large they become
 *
 * No import and no export: Node strips the types of this file and runs it as it is, before the service. It changes the
 * compiled modules beside the service's main.js, and throws where they are no longer what it expects.
 */
{
  type Anything = Record<string, unknown>;
  type Method = (this: unknown, ...args: never[]) => unknown;

  const { createRequire } = process.getBuiltinModule('node:module');
  const { randomUUID } = process.getBuiltinModule('node:crypto');
  const fromMain = createRequire(process.argv[1] ?? '');
  const load = (module: string) => fromMain(`../../../libs/messaging/src/${module}.js`) as Anything;

  const fail = (what: string): never => {
    throw new Error(`without ${process.env.WITHOUT}: ${what} is not what it was, change this control`);
  };

  /** Puts `wrap(the function that was there)` in its place. */
  const replace = (owner: unknown, name: string, wrap: (original: Method) => Method): void => {
    const functions = owner as Record<string, Method>;
    const original = functions?.[name];
    if (typeof original !== 'function') return fail(name);
    functions[name] = wrap(original);
    if (functions[name] === original) fail(name);
  };

  const prototypeOf = (module: string, name: string): unknown =>
    (load(module)[name] as { prototype?: unknown } | undefined)?.prototype;

  /** Every client of kafkajs that the service makes. */
  const withClients = (change: (client: Anything) => void): void =>
    replace(load('kafka/kafka-client'), 'kafkaClient', (original) => (...args) => {
      const client = original(...args) as Anything;
      change(client);
      return client;
    });

  const controls: Record<string, () => void> = {
    'version-gate'() {
      const ungated = (operation: { replaceOne?: { filter: Anything } }) => {
        const { replaceOne } = operation;
        if (!replaceOne) return operation; // of a record without a version
        if (!('version' in replaceOne.filter)) fail('the filter of a replica');
        return { replaceOne: { ...replaceOne, filter: { _id: replaceOne.filter._id } } };
      };
      replace(
        prototypeOf('shared-bulk', 'SharedBulk'),
        'write',
        (original) =>
          function (operations: Parameters<typeof ungated>[0][]) {
            return original.call(this, operations.map(ungated) as never);
          },
      );
    },

    'derived-id'() {
      replace(
        prototypeOf('aggregate-store', 'AggregateStore'),
        'insertMany',
        (original) =>
          function (items: { id: string }[]) {
            return original.call(this, items.map((item) => ({ ...item, id: randomUUID() })) as never);
          },
      );
    },

    outbox() {
      const without = ({
        document,
        update,
        ...write
      }: Record<'document' | 'update', Anything> & { outbox: unknown[] }) => {
        const { $push, $min, ...rest } = update as { $push?: Anything; $min?: Anything };
        const { outboxSince, outbox, ...kept } = document;
        const isMarked = $push?.outbox !== undefined && $min?.outboxSince !== undefined;
        if (write.outbox.length > 0 && !(isMarked && outboxSince !== undefined && outbox !== undefined))
          fail('a write');
        const { outbox: _entry, ...pushed } = $push ?? {};
        return { ...write, document: { ...kept, outbox: [] }, update: { ...rest, $push: pushed } };
      };
      replace(
        load('aggregate-write'),
        'aggregateWrite',
        (original) =>
          (...args) =>
            without(original(...args) as Parameters<typeof without>[0]),
      );
    },

    'own-offsets'() {
      replace(load('consumer/gap'), 'compareOffsets', (original) => (...args) => {
        const [log] = args as unknown as [{ committed?: number; low: number }];
        const found = original(...args) as { kind: string };
        if (found.kind === 'gap') return { kind: 'first', offset: log.committed ?? log.low };
        return found.kind === 'forgotten' ? { kind: 'continuous' } : found;
      });
    },

    'plain-producer'() {
      withClients((client) =>
        replace(
          client,
          'producer',
          (original) => (options: { idempotent?: boolean }) =>
            options.idempotent
              ? fail('the producer')
              : original.call(client, { ...options, idempotent: true } as never),
        ),
      );
    },

    'inflation-bound'() {
      const limits = fromMain('../../../libs/codecs/src/limits.js') as Anything;
      if (typeof limits.MAX_INFLATED_BYTES !== 'number') fail('the bound of what is inflated');
      // the most that a Buffer can have
      limits.MAX_INFLATED_BYTES = 2 ** 31 - 1;
    },
  };

  const control = controls[process.env.WITHOUT ?? ''];
  if (!control) throw new Error(`WITHOUT: ${process.env.WITHOUT} is none of ${Object.keys(controls).join(', ')}`);
  control();
}
