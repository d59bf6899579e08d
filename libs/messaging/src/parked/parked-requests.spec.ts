import {
  DiscardEvent,
  DiscardPositions,
  ListLanes,
  Nothing,
  RedriveLanes,
  RedrivePositions,
  ShowPositions,
  SkipRecord,
} from './parked-requests';

describe("an operator's request", () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('takes %s as an age', (minAge, ms) => {
    expect(ListLanes.parse({ minAge })).toEqual({ minAge: ms, page: 0, size: 20 });
  });

  it.each([{ minAge: '1w' }, { minAge: '-1' }, { page: '-1' }, { size: '0' }, { size: '1001' }, { size: 'ten' }])(
    'refuses to list %j',
    (query) => {
      expect(ListLanes.safeParse(query).success).toBe(false);
    },
  );

  it('redrives everything unless told otherwise', () => {
    expect(RedriveLanes.parse(undefined)).toBeUndefined();
    expect(RedriveLanes.parse({})).toEqual({ dryRun: false });
  });

  it.each([
    [ListLanes, { tpoic: 'notes' }],
    [RedriveLanes, { tpoic: 'notes' }],
    [RedriveLanes, { dryrun: true }],
    [DiscardEvent, { position: '0:1', reason: 'why', dryRun: true }],
    [Nothing, { dryRun: 'true' }],
  ])('is refused for a slip, by its name: %#', (schema, request) => {
    const [name = ''] = Object.keys(request).slice(-1);
    expect(schema.safeParse(request).error?.issues).toMatchObject([{ message: expect.stringContaining(name) }]);
  });

  it.each([{ version: 3 }, { position: '0:17' }])('discards %j, with a reason alone', (target) => {
    expect(DiscardEvent.parse({ ...target, reason: ' why ' })).toEqual({ ...target, reason: 'why' });
    expect(DiscardEvent.safeParse(target).success).toBe(false);
    expect(DiscardEvent.safeParse({ ...target, reason: ' ' }).success).toBe(false);
  });

  it.each([{}, { version: 1, position: '0:1' }, { version: 0 }, { version: 1.5 }, { position: '17' }])(
    'does not discard %j',
    (target) => {
      expect(DiscardEvent.safeParse({ ...target, reason: 'why' }).success).toBe(false);
    },
  );

  const place = { topic: 'notes', partition: 0, offset: 7 };

  it('names positions by topic, partition and offsets, both included', () => {
    expect(ShowPositions.parse({ topic: 'notes', partition: '3', offset: '7' })).toEqual({ ...place, partition: 3 });
    expect(RedrivePositions.parse({ topic: 'notes', partition: 0 })).toEqual({ topic: 'notes', partition: 0 });
    expect(DiscardPositions.parse({ ...place, to: 7, reason: ' why ' })).toEqual({ ...place, to: 7, reason: 'why' });
    expect(SkipRecord.parse({ ...place, reason: 'why' })).toEqual({ ...place, reason: 'why' });
  });

  it.each([
    [RedrivePositions, { ...place, to: 6 }, 'to'],
    [DiscardPositions, { ...place, to: 6, reason: 'why' }, 'to'],
    [DiscardPositions, place, 'reason'],
    [SkipRecord, { ...place, offset: -1, reason: 'why' }, 'offset'],
    [SkipRecord, { ...place, offset: 2 ** 60, reason: 'why' }, 'offset'],
    [SkipRecord, { ...place, partition: 0.5, reason: 'why' }, 'partition'],
    [SkipRecord, { ...place, reason: 'w'.repeat(1_001) }, 'reason'],
    [ShowPositions, { topic: 'notes', partition: '0', offset: '1e3' }, 'offset'],
  ])('refuses %#, and says which field', (schema, request, field) => {
    const fields = schema.safeParse(request).error?.issues.map(({ path }) => path[0]);
    expect([...new Set(fields)]).toEqual([field]);
  });
});
