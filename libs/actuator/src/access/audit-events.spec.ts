import { AuditEvents } from './audit-events';

const event = (type: string, principal = 'ops') => ({ principal, type, data: {} });

describe('audit events', () => {
  it('are kept whatever is guessed, and however often a tool logs in', () => {
    const events = new AuditEvents(10);
    events.add(event('OPERATOR_ACTION'));
    events.add(event('AUTHENTICATION_SUCCESS', 'first'));
    for (let index = 0; index < 1_000; index++) events.add(event('AUTHENTICATION_FAILURE', String(index)));
    expect(events.find({ type: 'OPERATOR_ACTION' })).toHaveLength(1);
    expect(events.find({ principal: 'first' })).toHaveLength(1);
    expect(events.find({ type: 'AUTHENTICATION_FAILURE' }).map(({ principal }) => principal)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(990 + index)),
    );
    for (let index = 0; index < 1_000; index++) events.add(event('AUTHENTICATION_SUCCESS'));
    expect(events.find({ type: 'OPERATOR_ACTION' })).toHaveLength(1);
  });

  it('are bounded together, and come in the order in which they happened', () => {
    const events = new AuditEvents(3);
    for (let index = 0; index < 10; index++)
      for (const type of ['AUTHENTICATION_FAILURE', 'A', 'AUTHENTICATION_SUCCESS', 'B']) events.add(event(type));
    const found = events.find();
    expect(found).toHaveLength(9);
    expect(found.map(({ timestamp }) => timestamp)).toEqual(found.map(({ timestamp }) => timestamp).toSorted());
  });
});
