import type { LoggerService } from '@nestjs/common';
import { context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { serviceLogger } from './service-logger';
import { propagateTraces } from './tracing/trace-propagation';

const lines: string[] = [];
let logger: LoggerService;

beforeAll(() => {
  propagateTraces();
  logger = serviceLogger('orders', { LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) });
});

beforeEach(() => void (lines.length = 0));

function logged(): unknown[] {
  return lines.map((line): unknown => JSON.parse(line));
}

describe('a log line', () => {
  it('says who, where and what', () => {
    logger.log('something happened', 'PlaceOrder');
    expect(logged()).toMatchObject([{ level: 30, name: 'orders', context: 'PlaceOrder', msg: 'something happened' }]);
  });

  it('names the trace it belongs to', () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const span = { traceId, spanId: '00f067aa0ba902b7', traceFlags: TraceFlags.SAMPLED };
    context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => logger.log('inside'));
    logger.log('outside');
    expect(logged()).toEqual([
      expect.objectContaining({ msg: 'inside', traceId }),
      expect.not.objectContaining({ traceId: expect.anything() }),
    ]);
  });

  it('has the stack of an error', () => {
    logger.error(new TypeError('broken'), 'PlaceOrder');
    expect(logged()).toMatchObject([
      { level: 50, err: { type: 'TypeError', stack: expect.stringContaining('service-logger.spec') } },
    ]);
  });

  it.each<[string, unknown]>([
    ['a card number in a text', 'card 1234-5678-9012-3456 refused'],
    ['a card number in an error', new Error('1234-5678-9012-3456')],
    ['the cards of a customer', { creditCards: [{ number: '1234567890123456' }] }],
    ['the cards inside something', { customer: { creditCards: [{ number: '1234567890123456' }] } }],
    ['the headers of a request', { headers: { authorization: 'Basic 1234567890123456' } }],
    ['the password of a URI', 'mongodb://user:1234567890123456@host/db'],
  ])('does not give away %s', (_, message) => {
    logger.warn(message);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('****');
    expect(lines[0]).not.toMatch(/1234-?5678/);
  });

  it('of the start of Nest is for those who ask for details', () => {
    logger.log('Mapped {/customers, GET} route', 'RouterExplorer');
    expect(lines).toEqual([]);
  });
});
