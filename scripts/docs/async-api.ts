import {
  consumedBy,
  customerChanges,
  eventTypes,
  EventHeaders,
  fulfillmentRequests,
  orderStatusChanges,
} from '@storefront/contracts';
import { type EventExample, eventExamples } from '../../libs/contracts/examples/event-examples';
import { eventSchemas, schemaRef } from './event-schemas';

const topics = { customerChanges, fulfillmentRequests, orderStatusChanges };
type ChannelName = keyof typeof topics;
type EventType = keyof typeof eventExamples;

const channelNames = Object.keys(topics) as ChannelName[];
const payloads = {
  customerChanges: 'CustomerChange',
  fulfillmentRequests: 'FulfillmentRequest',
  orderStatusChanges: 'OrderStatusChange',
} as const satisfies Record<ChannelName, string>;
const KAFKA_BINDING = { bindingVersion: '0.5.0' };

/** What the services tell each other, as an AsyncAPI 3 document: all of it taken from the contracts and their examples. */
export function asyncApi(version: string) {
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Storefront events',
      version,
      description:
        'Three services that share nothing but these events. At least once, in order per key; a reader applies them by version.',
      license: { name: 'Apache-2.0' },
      contact: { name: 'Storefront' },
      tags: Object.keys(consumedBy).map((name) => ({ name })),
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: {
        host: '{brokers}',
        protocol: 'kafka',
        description: 'The cluster that KAFKA_BROKERS names',
        variables: { brokers: { default: '127.0.0.1:9092' } },
      },
    },
    channels: Object.fromEntries(channelNames.map((name) => [name, channel(name)])),
    operations: Object.fromEntries([...channelNames.map(sends), ...channelNames.flatMap(receives)]),
    components: {
      messages: Object.fromEntries(
        channelNames.flatMap((name) => topics[name].types.map((type) => [messageName(type), message(name, type)])),
      ),
      schemas: eventSchemas('EventHeaders', ...Object.values(payloads)),
    },
  };
}

export type AsyncApi = ReturnType<typeof asyncApi>;

function channel(name: ChannelName) {
  const { name: topic, description, partitions, configEntries, types } = topics[name];
  return {
    address: topic,
    description,
    messages: Object.fromEntries(
      types.map((type) => [messageName(type), { $ref: `#/components/messages/${messageName(type)}` }]),
    ),
    bindings: {
      kafka: {
        ...KAFKA_BINDING,
        topic,
        partitions,
        topicConfiguration: {
          'cleanup.policy': [configEntries['cleanup.policy']],
          'retention.ms': Number(configEntries['retention.ms']),
        },
      },
    },
  };
}

function sends(name: ChannelName) {
  const service = topics[name].source.slice(1);
  return [`${service}.send.${name}`, operation(name, service, { action: 'send' })] as const;
}

function receives(name: ChannelName) {
  const readers = Object.entries(consumedBy).filter(([, read]) =>
    read.some(({ name: topic }) => topic === topics[name].name),
  );
  return readers.map(([service]) => {
    const groupId = { type: 'string', enum: [service] };
    const bindings = { kafka: { ...KAFKA_BINDING, groupId } };
    return [`${service}.receive.${name}`, operation(name, service, { action: 'receive', bindings })] as const;
  });
}

function operation(name: ChannelName, service: string, rest: { action: string; bindings?: object }) {
  return {
    ...rest,
    channel: { $ref: `#/channels/${name}` },
    summary: `${service} ${rest.action}s ${topics[name].name}`,
    description: topics[name].description,
    tags: [{ name: service }],
    messages: topics[name].types.map((type) => ({ $ref: `#/channels/${name}/messages/${messageName(type)}` })),
  };
}

function message(name: ChannelName, type: EventType) {
  const example = eventExamples[type];
  const isTombstone = example.value === null;
  return {
    name: type,
    title: messageName(type),
    summary: isTombstone ? 'The aggregate was deleted: a record without a value' : topics[name].schema.description,
    contentType: 'application/json',
    headers: {
      type: 'object',
      allOf: [
        schemaRef('EventHeaders'),
        { type: 'object', properties: { ce_type: { const: type }, ce_source: { const: topics[name].source } } },
      ],
    },
    payload: isTombstone ? { type: 'null' } : schemaRef(payloads[name]),
    bindings: {
      kafka: { ...KAFKA_BINDING, key: { type: 'string', description: EventHeaders.shape.ce_subject.description } },
    },
    examples: [exampleOf(example)],
  };
}

function exampleOf({ headers, value }: EventExample) {
  return { headers, payload: value === null ? null : (JSON.parse(value) as unknown) };
}

/** `customerChanged`, as the contracts call the type. */
function messageName(type: EventType): string {
  const [name] = Object.entries(eventTypes).find(([, each]) => each === type) ?? [];
  return name ?? type;
}
