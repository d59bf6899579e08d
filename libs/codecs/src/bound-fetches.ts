import { createRequire } from 'node:module';
import { decodeFetchResponse, type FetchResponse } from './fetch-response';
import { boundResponses, type Connection } from './oversized-responses';

interface FetchRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string | number }[];
  }[];
}

interface Protocol {
  readonly response: { decode(bytes: Buffer): Promise<unknown>; parse(response: unknown): Promise<unknown> };
}

interface FetchApi {
  protocol(of: { version: number }): (request: FetchRequest) => Protocol;
}

let bounded = false;

/**
 * Replaces kafkajs' decoding of what it fetches, for all its consumers in this process: its own is quadratic in headers, inflates
 * without bound, and stops the consumer at the first byte that it does not expect. To be called before the first client.
 */
export function boundFetches(): void {
  if (bounded) return;
  bounded = true;
  const load = createRequire(require.resolve('kafkajs'));
  const api = load('./src/protocol/requests/fetch') as FetchApi;
  const original = api.protocol;
  api.protocol = (of) => {
    const protocolOf = original(of);
    return (request) => {
      const protocol = protocolOf(request);
      const decode = (bytes: Buffer): Promise<FetchResponse> =>
        decodeFetchResponse(bytes, formatOf(request, of.version));
      return { ...protocol, response: { ...protocol.response, decode } };
    };
  };
  boundResponses((load('./src/network/connection') as { prototype: Connection }).prototype);
}

function formatOf({ topics }: FetchRequest, version: number) {
  const offsets = new Map<string, number>();
  for (const { topic, partitions } of topics) {
    for (const { partition, fetchOffset } of partitions) offsets.set(`${topic}:${partition}`, Number(fetchOffset));
  }
  return { version, offsetOf: (topic: string, partition: number) => offsets.get(`${topic}:${partition}`) ?? 0 };
}
