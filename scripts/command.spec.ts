import { type Command, parsed, usageOf } from './command';
import { messageOf, numberOf } from './command-line';
import { WrongCall } from './wrong-call';

const options = {
  apply: { type: 'boolean', default: false, says: 'do it' },
  rate: { type: 'string', takes: '<number>', default: '200', says: 'aggregates a second' },
  id: {
    type: 'string',
    multiple: true,
    takes: '<id>',
    says: 'this one, which is told in a text that needs more than one line',
  },
  'a-name-that-needs-a-line': { type: 'boolean', says: 'of its own' },
} as const;

const command: Command<typeof options> = {
  name: 'send',
  calls: ['--id <id> … [--apply]', '--list'],
  about: 'Sends what\nwas lost.\n\nIt may be run again.',
  options,
  environment: { ORDERS_URL: 'where Orders is' },
  run: () => Promise.resolve(0),
};

describe('a command', () => {
  it('takes the options that it names, and nothing else', () => {
    expect(parsed(command, ['--id', 'a', '--id', 'b', '--apply']).values).toMatchObject({
      id: ['a', 'b'],
      apply: true,
      rate: '200',
      help: false,
    });
    expect(parsed(command, ['-h']).values).toMatchObject({ help: true });
    for (const wrong of [['--colour'], ['--rate'], ['thing'], ['--apply=yes']]) {
      expect(() => parsed(command, wrong)).toThrow(WrongCall);
    }
    expect(parsed({ ...command, takesArguments: true }, ['thing']).positionals).toEqual(['thing']);
  });

  it('has a usage with all of them, in lines as long as the terminal allows', () => {
    expect(usageOf(command, 60)).toBe(
      `usage: npm run send -- --id <id> … [--apply]
       npm run send -- --list

Sends what was lost.

It may be run again.

  --apply          do it
  --rate <number>  aggregates a second (200)
  --id <id>        this one, which is told in a text that
                   needs more than one line
  --a-name-that-needs-a-line
                   of its own
  --help           this text

  ORDERS_URL  where Orders is

Ends with 0 when it is done, 1 when not all is well, 2 for a
wrong call.`,
    );
    expect(
      Math.max(
        ...usageOf(command, 44)
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(44);
  });
});

describe('an option that is a number', () => {
  it('is refused by its name where it is none', () => {
    expect(numberOf('rate', '0.5')).toBe(0.5);
    for (const text of ['', ' ', 'x', '-1', 'NaN'])
      expect(() => numberOf('rate', text)).toThrow(/^--rate .*not a number/);
  });
});

describe('the reason of a failure', () => {
  it('is what fetch hides behind its own words', () => {
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:8090');
    expect(messageOf(new TypeError('fetch failed', { cause: refused }))).toBe('connect ECONNREFUSED 127.0.0.1:8090');
    const each = new AggregateError([new Error('connect ECONNREFUSED ::1:8090'), refused], '');
    expect(messageOf(new TypeError('fetch failed', { cause: each }))).toBe(
      'connect ECONNREFUSED ::1:8090, connect ECONNREFUSED 127.0.0.1:8090',
    );
    expect(messageOf(Object.assign(new Error(''), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(messageOf(new Error('the id is unknown', { cause: refused }))).toBe('the id is unknown');
    expect(messageOf('text')).toBe('text');
  });
});
