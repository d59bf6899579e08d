import { canonicalId } from '@storefront/wire';
import { MalformedHeader } from './invalid-request';
import type { HalItem } from './representation';

/** Name of the header that a write answers with, and that a read of a copy elsewhere may be sent with. */
export const consistencyToken = 'Consistency-Token';

/** A version of a resource: `customer:ada:4`. */
export interface KnownVersion {
  /** Relation of the resource: `customer`. */
  readonly rel: string;
  readonly id: string;
  readonly version: number;
}

const maxTokens = 10;
const pattern = /^([a-z-]{1,32}):([^:,\s]{1,200}):(\d{1,15})$/;

/** The version that a write has made of a resource. */
export function tokenOf({ item }: HalItem): string | undefined {
  if (item.version === undefined) return undefined;
  return `${item.rel}:${item.path.split('/').at(-1)}:${item.version}`;
}

/** What the client has seen of the resources it names. Throws MalformedHeader. */
export function knownVersions(header: string): KnownVersion[] {
  const tokens = header.split(',').map((token) => token.trim());
  if (tokens.length > maxTokens) throw new MalformedHeader(consistencyToken, `must be at most ${maxTokens} tokens`);
  return tokens.map(knownVersion);
}

function knownVersion(token: string): KnownVersion {
  const [, rel = '', id = '', version] = pattern.exec(token) ?? [];
  try {
    if (version !== undefined) return { rel, id: canonicalId(decodeURIComponent(id)), version: Number(version) };
  } catch {
    // not an escape
  }
  throw new MalformedHeader(consistencyToken, 'must be what a write answered with, such as customer:ada:4');
}
