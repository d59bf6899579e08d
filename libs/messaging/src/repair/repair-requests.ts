import { canonicalId } from '@storefront/wire';
import { z } from 'zod';
import type { RepublishOrder } from './republish-job';

const id = z.string().min(1).max(256).overwrite(canonicalId);
/** Of 14 digits: an owner that is raised above it has room to count on, events carry 15. */
const version = z.int().min(0).max(99_999_999_999_999);

export const PageOfDigest = z.strictObject({
  after: id.optional(),
  size: z.coerce.number().pipe(z.int().min(1).max(1000)).default(500),
});
export type PageOfDigest = z.output<typeof PageOfDigest>;

export const DigestOf = z.strictObject({ ids: z.array(id).max(1000) });
export type DigestOf = z.output<typeof DigestOf>;

/** Either ids or all, so that nobody sends everything by a slip. */
export const Republish = z
  .strictObject({
    topic: z.string().min(1),
    ids: z.array(id).min(1).max(1000).optional(),
    all: z.literal(true).optional(),
    changedSince: z.union([z.iso.datetime({ offset: true }), z.int().min(0)]).optional(),
    aboveVersion: version.optional(),
    raise: z.boolean().optional(),
    above: z.record(id, version).optional(),
    rate: z.number().min(0.1).max(10_000).default(200),
  })
  .refine(({ ids, all }) => (ids === undefined) !== (all === undefined), {
    path: ['ids'],
    error: 'either ids or "all": true is expected',
  })
  .refine(({ above, raise }) => above === undefined || raise === true, { path: ['above'], error: 'only with raise' })
  .transform(({ changedSince, all: _all, ...order }): RepublishOrder => {
    const since = typeof changedSince === 'string' ? Date.parse(changedSince) : changedSince;
    return { ...order, ...(since !== undefined && { changedSince: since }) };
  });
export type Republish = z.output<typeof Republish>;
