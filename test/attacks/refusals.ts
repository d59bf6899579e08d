import { type Violation } from '../faults/violation';
import type { Storefront } from '../system/storefront';
import type { ServiceName } from '../../scripts/system-settings';
import { attack, type Hostile, type Refusal } from './attacker';

/** Nobody needs more to be told what is wrong. */
const MAX_REFUSAL_BYTES = 64 * 1_024;

/**
 * Sends hostile requests to one process; tells of those that were answered as if the service had been at fault, at too great a
 * length, or not at all.
 */
export async function refusedBy(
  storefront: Storefront,
  name: ServiceName,
  all: readonly Hostile[],
  parallel = 4,
): Promise<Violation[]> {
  const refusals = await attack(storefront.url(name), all, parallel);
  const texts = refusals.flatMap((refusal, index) => {
    const wrong = wrongWith(refusal);
    const { method = '', path = '', body = '' } = all[index] ?? {};
    return wrong === undefined ? [] : [`${name}: ${method} ${path.slice(0, 60)} ${body.slice(0, 100)}: ${wrong}`];
  });
  return texts.slice(0, 5).map((text) => ({ kind: 'dishonest', text }));
}

function wrongWith({ status, headers, bytes, text }: Refusal): string | undefined {
  if (status === undefined) return 'no answer';
  if (status === 503 && headers['retry-after'] !== undefined) return undefined;
  if (status >= 500) return `${status} ${text.slice(0, 200)}`;
  if (status >= 400 && bytes > MAX_REFUSAL_BYTES) return `${status} with ${bytes} bytes`;
  return undefined;
}
