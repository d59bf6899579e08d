import type { LoggerService } from '@nestjs/common';
import { INVALID_SPAN_CONTEXT, context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { prettyFactory } from 'pino-pretty';
import { forTerminal, serviceLogger } from './service-logger';
import { mongo } from 'mongoose';
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
    const unrecorded = trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT);
    context.with(unrecorded, () => logger.log('not recorded'));
    expect(logged()).toEqual([
      expect.objectContaining({ msg: 'inside', traceId }),
      expect.not.objectContaining({ traceId: expect.anything() }),
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

  it('has an error given after a text', () => {
    logger.error('job 1 failed', new TypeError('broken'), 'Jobs');
    expect(logged()).toMatchObject([
      { msg: 'job 1 failed', err: { type: 'TypeError', message: 'broken' }, context: 'Jobs' },
    ]);
  });

  it('has nothing of an error but what it is, in its message neither', () => {
    const told = 'E11000 duplicate key error dup key: { name: "Ada Byron" }';
    const error = new mongo.MongoServerError({ errmsg: told, code: 11000, keyValue: { name: 'Ada Byron' } });
    logger.error(error, 'Failures');
    logger.error({ msg: 'the sweep failed', err: error }, 'Sweep');
    expect(logged()).toMatchObject([
      { msg: 'E11000 duplicate key error dup key: { … }', err: { type: 'MongoServerError', code: 11000 } },
      { msg: 'the sweep failed', err: { message: 'E11000 duplicate key error dup key: { … }' } },
    ]);
    expect(lines.join('')).not.toContain('Byron');
  });

  it.each([10_000, 300_000, 3_000_000])('has at most 16 KiB, whatever %d characters it was given', (length) => {
    logger.warn(`unknown event type ${'x'.repeat(length)}`, 'Parked');
    expect(lines[0]?.length).toBeLessThanOrEqual(16 * 1024);
    expect(logged()).toMatchObject([{ context: 'Parked', msg: expect.stringMatching(/^unknown event type xxx/) }]);
  });

  it('is one line on a terminal, and paints nothing', () => {
    const format = prettyFactory({ colorize: false });
    const shown: string[] = [];
    const terminal = forTerminal({ write: (line) => void shown.push(format(line)) });
    const forged = 'over\n[07:50:30.000] INFO: all is well\u001b[2J';
    logger.warn(forged);
    logger.error(new TypeError(forged));
    for (const line of lines) terminal.write(line);
    const text = shown.join('');
    expect(text.split('\n').filter((line) => line.startsWith('['))).toHaveLength(2);
    expect(text).toContain('over\\n[07:50:30.000] INFO: all is well\\u001b[2J');
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/\n +at .*service-logger\.spec/);
  });

  it('of the start of Nest is for those who ask for details', () => {
    logger.log('Mapped {/customers, GET} route', 'RouterExplorer');
    expect(lines).toEqual([]);
  });
});
