import { check, type Model } from './checker';
import { stateKey } from './state-key';

interface Lamp {
  readonly brightness: number;
}

/** Goes up by one or two; `ends` are the last values, from where nothing happens. */
function lamp(parts: Partial<Model<Lamp>>, ends: readonly number[] = [5, 6]): Model<Lamp> {
  const steps = ({ brightness }: Lamp) =>
    ends.includes(brightness)
      ? []
      : [1, 2].map((by) => ({ label: () => `+${by}`, next: { brightness: brightness + by } }));
  return {
    initial: { brightness: 0 },
    steps,
    broken: () => undefined,
    done: ({ brightness }) => ends.includes(brightness),
    ...parts,
  };
}

describe('the checker', () => {
  it('holds when every state keeps its promise and can be finished from', () => {
    expect(check(lamp({}), 100)).toMatchObject({ outcome: 'holds', states: 7, trace: [] });
  });

  it('finds a broken state on a shortest way', () => {
    const broken = ({ brightness }: Lamp) => (brightness === 4 ? 'glare: too bright' : undefined);
    expect(check(lamp({ broken }), 100)).toMatchObject({
      outcome: 'broken',
      problem: 'glare: too bright',
      trace: ['+2', '+2'],
    });
  });

  it('finds a broken step', () => {
    const steps = ({ brightness }: Lamp) => [
      { label: () => 'on', next: { brightness: 1 }, broken: brightness === 1 ? 'twice: on again' : undefined },
    ];
    expect(check(lamp({ steps }), 100)).toMatchObject({ problem: 'twice: on again', trace: ['on', 'on'] });
  });

  it('finds a state from which the work cannot be finished, though steps remain', () => {
    const steps = ({ brightness }: Lamp) =>
      brightness === 0
        ? [
            { label: () => 'finish', next: { brightness: 5 } },
            { label: () => 'flicker', next: { brightness: 1 } },
          ]
        : [{ label: () => 'flicker on', next: { brightness: 3 - brightness } }];
    const done = ({ brightness }: Lamp) => brightness === 5;
    const stuck = check(lamp({ steps: (state) => (done(state) ? [] : steps(state)), done }), 100);
    expect(stuck).toMatchObject({ outcome: 'broken', trace: ['flicker'] });
    expect(stuck.problem).toMatch(/^stuck: /);
  });

  it('does not pass what it could not visit', () => {
    expect(check(lamp({}), 6)).toMatchObject({ outcome: 'too large', trace: [] });
  });

  it('visits one of two mirrored states', () => {
    const twins: Model<{ readonly twins: readonly [number, number] }> = {
      initial: { twins: [0, 0] },
      steps: ({ twins: [a, b] }) => [
        ...(a < 2 ? [{ label: () => 'a', next: { twins: [a + 1, b] as const } }] : []),
        ...(b < 2 ? [{ label: () => 'b', next: { twins: [a, b + 1] as const } }] : []),
      ],
      broken: () => undefined,
      done: ({ twins: [a, b] }) => a === 2 && b === 2,
    };
    expect(check(twins, 100).states).toBe(9);
    expect(check({ ...twins, mirrored: ({ twins: [a, b] }) => ({ twins: [b, a] as const }) }, 100).states).toBe(6);
  });
});

describe('the key of a state', () => {
  it('tells states apart that differ anywhere', () => {
    const states = [
      { list: [1, 2], on: true, phase: 'a', of: null },
      { list: [1], on: true, phase: 'a', of: null },
      { list: [1, 2], on: false, phase: 'a', of: null },
      { list: [1, 2], on: true, phase: 'b', of: null },
      { list: [1, 2], on: true, phase: 'a', of: { version: 0 } },
    ];
    expect(new Set(states.map(stateKey)).size).toBe(states.length);
    expect(stateKey({ list: [1, 2], on: true, phase: 'a', of: null })).toBe(stateKey(states[0] ?? {}));
  });

  it('refuses what it cannot tell apart', () => {
    expect(() => stateKey({ version: 128 })).toThrow(RangeError);
    expect(() => stateKey({ version: -1 })).toThrow(RangeError);
    expect(() => stateKey({ version: undefined })).toThrow(TypeError);
  });
});
