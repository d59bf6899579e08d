import { withMaskedReasons } from './masked-reasons';

const CARD = '4111 1111 1111 1111';

describe('the reasons of an answer', () => {
  it('have no card number, wherever they are; what an event has stays', () => {
    const lane = (reason: string) => ({ id: 'notes|1', reason, nextAttemptAt: null, events: [{ value: CARD }] });
    expect(
      withMaskedReasons({ lanes: [lane(`unknown event type ${CARD}`), lane('say "4111111111111111"\n')], total: 2 }),
    ).toEqual({
      lanes: [lane('unknown event type ****-****-****-1111'), lane('say "****-****-****-1111"\n')],
      total: 2,
    });
  });

  it('are masked in what was discarded, too', () => {
    expect(withMaskedReasons({ discarded: [{ fault: CARD, reason: 'x', by: 'ada' }] })).toEqual({
      discarded: [{ fault: '****-****-****-1111', reason: 'x', by: 'ada' }],
    });
  });

  it.each([['text'], [null], [undefined], [7], [Buffer.from('x')]])('are none in %p', (answer) => {
    expect(withMaskedReasons(answer)).toBe(answer);
  });
});
