import { recordedMessages, recordedOn } from '../examples/recorded-messages';
import { allTopics, customerChanges, fulfillmentRequests, orderStatusChanges } from './topics';

function example(topic: { name: string }): Record<string, unknown> {
  return JSON.parse(recordedOn(topic).value) as Record<string, unknown>;
}

function faults(topic: (typeof allTopics)[number], value: unknown): string[] {
  const result = topic.schema.safeParse(value);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join('.'));
}

describe('the messages of the original services', () => {
  it.each(recordedMessages)('$topic comes out byte by byte as it went in', ({ topic, value }) => {
    const owner = allTopics.find((one) => one.name === topic);
    expect(JSON.stringify(owner?.schema.parse(JSON.parse(value)))).toBe(value);
  });

  it('are recorded for every topic', () => {
    expect(new Set(recordedMessages.map((message) => message.topic))).toEqual(
      new Set(allTopics.map((topic) => topic.name)),
    );
  });

  it('carry their id in the value', () => {
    expect(customerChanges.aggregateId(example(customerChanges))).toBe('6b00fd16738d8201e1471e45');
    expect(fulfillmentRequests.aggregateId(example(fulfillmentRequests))).toBe('363acf9f-d44e-4a35-8cc6-a761ad9d31b4');
    expect(orderStatusChanges.aggregateId(example(orderStatusChanges))).toBe('363acf9f-d44e-4a35-8cc6-a761ad9d31b4');
  });

  it.each([null, 'text', 7, [], {}, { id: 7, guid: 7, order: { guid: '' } }, { order: null }])(
    'have no id to be found in %j',
    (value) => {
      expect(allTopics.map((topic) => topic.aggregateId(value))).toEqual([undefined, undefined, undefined]);
    },
  );
});

describe('a customer change', () => {
  it('leaves out what it does not know', () => {
    const value = { ...example(customerChanges), loyalty: 'gold', creditCards: [{ number: '4545' }] };
    expect(JSON.stringify(customerChanges.schema.parse(value))).toBe(JSON.stringify(example(customerChanges)));
  });

  it('has null where an optional field is absent', () => {
    const value = { id: 'a', name: { title: 'Ms.', firstName: 'Mary', lastName: 'Smith' }, addresses: [] };
    const parsed = customerChanges.schema.parse({ ...value, contact: { primaryPhone: '1', email: 'm@example.org' } });
    expect(JSON.stringify(parsed)).toBe(
      '{"id":"a","name":{"title":"Ms.","firstName":"Mary","middleName":null,"lastName":"Smith","suffix":null},' +
        '"contact":{"primaryPhone":"1","secondaryPhone":null,"email":"m@example.org"},"addresses":[]}',
    );
  });

  it('may be null in every field of its parts, as the originals can send it', () => {
    const nothing = { type: null, description: null, address1: null, address2: null, city: null, state: null };
    const value = {
      id: 'a',
      name: { title: null, firstName: null, middleName: null, lastName: null, suffix: null },
      contact: { primaryPhone: null, secondaryPhone: null, email: null },
      addresses: [{ ...nothing, postalCode: null }],
    };
    expect(JSON.stringify(customerChanges.schema.parse(value))).toBe(JSON.stringify(value));
  });

  it('is of a customer whose id is in lower case, in whichever case it came', () => {
    const value = { ...example(customerChanges), id: '6B00FD16738D8201E1471E45' };
    expect(customerChanges.schema.parse(value).id).toBe('6b00fd16738d8201e1471e45');
    expect(customerChanges.aggregateId(value)).toBe('6b00fd16738d8201e1471e45');
  });

  it('is refused with the names of the fields that are missing', () => {
    expect(faults(customerChanges, { name: { title: 'Ms.' }, addresses: [{ city: 'Anywhere' }] })).toEqual([
      'id',
      'name.firstName',
      'name.lastName',
      'contact',
      'addresses.0.type',
      'addresses.0.description',
      'addresses.0.address1',
      'addresses.0.state',
      'addresses.0.postalCode',
    ]);
  });

  it.each(['name', 'contact', 'addresses', 'id'])('is refused without %s', (field) => {
    expect(faults(customerChanges, { ...example(customerChanges), [field]: null })).toEqual([field]);
  });

  it('takes no number for a text and no other word for a type', () => {
    const value = example(customerChanges);
    const addresses = [{ ...(value.addresses as object[])[0], type: 'billing' }];
    const name = { ...(value.name as object), title: 5 };
    expect(faults(customerChanges, { ...value, name, addresses })).toEqual(['name.title', 'addresses.0.type']);
  });
});

describe('an event of any size', () => {
  const address = example(customerChanges).addresses as object[];
  const addresses = (count: number, one: object = address[0] ?? {}) => Array.from({ length: count }, () => one);

  it('may be as large as what was acknowledged before there were limits', () => {
    const name = { title: 'x'.repeat(250_000), firstName: null, lastName: null };
    expect(faults(customerChanges, { ...example(customerChanges), name, addresses: addresses(3_000) })).toEqual([]);
  });

  it.each([
    [customerChanges, { addresses: addresses(300_000, {}) }, ['addresses']],
    [customerChanges, { addresses: addresses(4_000, {}) }, ['addresses.0.type']],
    [customerChanges, { name: { title: 'x'.repeat(300_000), firstName: null, lastName: null } }, ['name.title']],
    [
      fulfillmentRequests,
      { order: { guid: 'o', orderStatusEvents: addresses(4_001, {}), orderItems: addresses(4_001, {}) } },
      ['order.orderStatusEvents', 'order.orderItems'],
    ],
  ])('of %# is refused before its elements are looked at, or at the first that is wrong', (topic, more, fields) => {
    expect(faults(topic, { ...example(topic), ...more })).toEqual(fields);
  });
});

describe('a fulfillment request', () => {
  const request = example(fulfillmentRequests);
  const order = request.order as Record<string, unknown>;
  const [item] = order.orderItems as [{ product: object; quantity: number }];
  const of = (more: object) => faults(fulfillmentRequests, { ...request, order: { ...order, ...more } });
  const history = (...statuses: string[]) => ({
    orderStatusEvents: statuses.map((orderStatusType) => ({ timestamp: 1, orderStatusType, note: null })),
  });

  it.each([[{}], [history('CREATED', 'APPROVED')], [history('CREATED', 'ON_HOLD', 'APPROVED')]])(
    'is taken with %j, as Orders and the original service ask for it',
    (more) => {
      expect(of(more)).toEqual([]);
    },
  );

  it('may have a product without description and price, as the original Fulfillment keeps it', () => {
    const product = { ...item.product, description: null, price: null };
    expect(of({ orderItems: [{ ...item, product }] })).toEqual([]);
  });

  it('takes the price as a number from 0 on only, and whole quantities from 1 on', () => {
    const sold = (price: unknown, quantity: unknown) =>
      of({ orderItems: [{ product: { ...item.product, price }, quantity }] });
    const [priceField, quantityField] = ['order.orderItems.0.product.price', 'order.orderItems.0.quantity'];
    expect([sold(0, 1), sold(1.99, 2_147_483_647)]).toEqual([[], []]);
    expect(sold('1.99', 1.5)).toEqual([priceField, quantityField]);
    expect(sold(-0.01, 0)).toEqual([priceField, quantityField]);
    expect(sold(1, -3)).toEqual([quantityField]);
    expect(sold(1, 2_147_483_648)).toEqual([quantityField]);
  });

  it('asks for something', () => {
    expect(of({ orderItems: [] })).toEqual(['order.orderItems']);
  });

  it.each([
    [[]],
    [['CREATED']],
    [['APPROVED']],
    [['CREATED', 'REJECTED']],
    [['CREATED', 'APPROVED', 'CANCELLED']],
    [['CREATED', 'APPROVED', 'APPROVED']],
    [['CREATED', 'REJECTED', 'APPROVED']],
    [['APPROVED', 'CREATED', 'APPROVED']],
    [['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED']],
    [['CREATED', 'APPROVED', 'PROCESSING', 'ON_HOLD', 'APPROVED']],
  ])('is of an approved order, which has made the moves that it may make: not %j', (statuses) => {
    expect(of(history(...statuses))).toEqual(['order.orderStatusEvents']);
  });

  it.each([-1, 1.5, 8_640_000_000_000_001])('happened at a time that a date can name: not %d', (timestamp) => {
    expect(faults(fulfillmentRequests, { ...request, timestamp })).toEqual(['timestamp']);
  });
});

describe('a status change', () => {
  it.each(['shipped', 'LOST', null, 3])('knows no status %j', (orderStatusType) => {
    const value = { guid: 'o', orderStatusEvent: { timestamp: 1, orderStatusType, note: null } };
    expect(faults(orderStatusChanges, value)).toEqual(['orderStatusEvent.orderStatusType']);
  });

  it('needs a time in whole milliseconds', () => {
    const value = { guid: 'o', orderStatusEvent: { timestamp: '1', orderStatusType: 'SHIPPED' } };
    expect(faults(orderStatusChanges, value)).toEqual(['orderStatusEvent.timestamp']);
  });
});
