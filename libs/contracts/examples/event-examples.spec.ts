import { EventHeaders } from '../src/event-headers';
import { allTopics } from '../src/topics';
import { eventExamples } from './event-examples';

describe.each(Object.entries(eventExamples))('the example of %s', (type, { topic: name, key, headers, value }) => {
  const topic = allTopics.find((each) => each.name === name);

  it('has the headers of its type, its topic and its key', () => {
    expect(EventHeaders.parse(headers)).toMatchObject({ ce_type: type, ce_source: topic?.source, ce_subject: key });
    expect(topic?.types).toContain(type);
  });

  it('has a value of its topic with the key inside, or is a tombstone where there may be one', () => {
    const parsed: unknown = value === null ? null : topic?.schema.parse(JSON.parse(value));
    const kept = value === null ? topic?.tombstones : JSON.stringify(parsed) === value;
    expect([kept, topic?.aggregateId(parsed) ?? key]).toEqual([true, key]);
  });
});

describe('headers', () => {
  const [{ headers }] = Object.values(eventExamples) as [(typeof eventExamples)[keyof typeof eventExamples]];

  it.each([
    ['ce_aggregateversion', '0'],
    ['ce_aggregateversion', '01'],
    ['ce_previousversion', '-1'],
    ['ce_type', 'storefront.customer.moved'],
    ['ce_id', '7'],
    ['traceparent', 'nonsense'],
  ])('take no %s of %s', (name, value) => {
    expect(EventHeaders.safeParse({ ...headers, [name]: value }).success).toBe(false);
  });
});
