import { z } from 'zod';

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90`, `90s`, `15m`, `2h`, `1d`. */
const Duration = z
  .string()
  .regex(/^\d{1,9}[smhd]?$/, { error: 'must be a number of seconds, or like 90s, 15m, 2h, 1d' })
  .transform((text) => parseInt(text, 10) * UNITS_MS[(/[smhd]$/.exec(text)?.[0] ?? 's') as keyof typeof UNITS_MS]);

/** For what takes no arguments here: a `?dryRun=true` that is not heard would be a redrive. */
export const Nothing = z.strictObject({}).nullish();
export type Nothing = z.output<typeof Nothing>;

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .transform(Number)
    .pipe(z.number().min(min).max(max));

export const ListLanes = z.strictObject({
  topic: z.string().optional(),
  minAge: Duration.optional(),
  page: wholeNumber(0, 1_000_000).default(0),
  size: wholeNumber(1, 1_000).default(20),
});
export type ListLanes = z.output<typeof ListLanes>;

export const ListDiscarded = z.strictObject({
  topic: z.string().optional(),
  lane: z.string().optional(),
  page: wholeNumber(0, 1_000_000).default(0),
  size: wholeNumber(1, 1_000).default(20),
});
export type ListDiscarded = z.output<typeof ListDiscarded>;

const Position = z.string().regex(/^\d{1,10}:\d{1,19}$/, { error: 'must be partition:offset' });

/** `position`: only the event there. */
export const ShowLane = z.strictObject({ position: Position.optional() });
export type ShowLane = z.output<typeof ShowLane>;

export const RedriveLanes = z
  .strictObject({
    topic: z.string().optional(),
    dryRun: z.boolean().default(false),
    /** `next` of the answer before. */
    after: z.string().optional(),
  })
  .nullish();
export type RedriveLanes = z.output<typeof RedriveLanes>;

export const DiscardEvent = z
  .strictObject({
    version: z.int().min(1).optional(),
    position: Position.optional(),
    reason: z.string().trim().min(1, { error: 'must say why' }).max(1_000),
  })
  .refine(({ version, position }) => (version === undefined) !== (position === undefined), {
    error: 'name either a version or a position',
  });
export type DiscardEvent = z.output<typeof DiscardEvent>;

const offset = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const range = {
  topic: z.string().min(1).max(249),
  partition: z.int().min(0).max(1_000_000),
  offset,
  /** The last one; `offset` alone unless given. */
  to: offset.optional(),
};

/** As query: numbers are decimal text. */
export const ShowPositions = z.strictObject({
  topic: range.topic,
  partition: wholeNumber(0, 1_000_000),
  offset: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be an offset' })
    .transform(Number)
    .optional(),
  to: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be an offset' })
    .transform(Number)
    .optional(),
});
export type ShowPositions = z.output<typeof ShowPositions>;

const isAscending = { error: 'must not be below offset', path: ['to'] };

export const RedrivePositions = z
  .strictObject({ ...range, offset: offset.optional() })
  .refine(({ offset: from = 0, to = from }) => to >= from, isAscending);
export type RedrivePositions = z.output<typeof RedrivePositions>;

const reason = z.string().trim().min(1, { error: 'must say why' }).max(1_000);

export const DiscardPositions = z
  .strictObject({ ...range, reason })
  .refine(({ offset: from, to = from }) => to >= from, isAscending);
export type DiscardPositions = z.output<typeof DiscardPositions>;

export const SkipRecord = z.strictObject({ topic: range.topic, partition: range.partition, offset, reason });
export type SkipRecord = z.output<typeof SkipRecord>;
