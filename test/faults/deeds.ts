import type { Whom } from '../system/processes';
import type { Deed } from './scenario';
import type { Seeded } from './seeded';

/** kill -9 of a random one, again and again; the next one may die while the last one starts. */
export function killedAgainAndAgain(
  chance: Seeded,
  { among, lastMs, everyMs: [least, most] }: { among: readonly Whom[]; lastMs: number; everyMs: [number, number] },
): Deed[] {
  const deeds: Deed[] = [];
  const starts: Promise<void>[] = [];
  for (let atMs = 0; atMs < lastMs; atMs += chance.between(least, most)) {
    const whom = chance.pick(among) ?? 'orders';
    deeds.push({
      atMs,
      what: `kill -9 ${whom}, started again at once`,
      async do({ storefront }) {
        await storefront.kill(whom);
        starts.push(storefront.restart(whom));
      },
    });
  }
  return [...deeds, { atMs: lastMs, what: 'all are back', do: () => Promise.all(starts) }];
}

export function frozen(whom: Whom, atMs: number, forMs: number): Deed[] {
  return [
    { atMs, what: `SIGSTOP ${whom}`, do: ({ storefront }) => storefront.signal(whom, 'SIGSTOP') },
    { atMs: atMs + forMs, what: `SIGCONT ${whom}`, do: ({ storefront }) => storefront.signal(whom, 'SIGCONT') },
  ];
}
