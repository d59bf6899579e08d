/** A request that its client can send again: it has one effect, and gets its first answer again. */
export interface KeyedRequest {
  /** Digest of who sent it, where to, and the key he gave it. */
  readonly key: string;
  /** Digest of what it says: one key stands for one request. */
  readonly fingerprint: string;
}
