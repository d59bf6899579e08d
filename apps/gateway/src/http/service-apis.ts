import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { GatewayEnvironment } from '../gateway.config';
import { boundedText } from './bounded-text';
import type { ServiceApis } from './merged-api';
import type { ServiceName } from './service-name';

/** As far as it is looked into here. */
const Document = z.looseObject({
  openapi: z.string().startsWith('3.1'),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const maxDocumentBytes = 4 * 1024 * 1024;
const keptMs = 10_000;
const patienceMs = 3_000;

type Urls = Pick<GatewayEnvironment, 'ACCOUNTS_URL' | 'ORDERS_URL' | 'FULFILLMENT_URL'>;

/** The OpenAPI documents of the services, asked for when somebody wants them and kept for ten seconds. */
export class ServiceApiDocuments {
  private readonly urls: readonly (readonly [ServiceName, string])[];
  private kept: { readonly apis: Promise<ServiceApis>; readonly until: number } | undefined;

  constructor({ ACCOUNTS_URL, ORDERS_URL, FULFILLMENT_URL }: Urls) {
    this.urls = [
      ['accounts', ACCOUNTS_URL],
      ['orders', ORDERS_URL],
      ['fulfillment', FULFILLMENT_URL],
    ];
  }

  all(): Promise<ServiceApis> {
    const now = performance.now();
    if (this.kept === undefined || now >= this.kept.until) this.kept = { apis: this.ask(), until: now + keptMs };
    return this.kept.apis;
  }

  private async ask(): Promise<ServiceApis> {
    const answers = this.urls.map(async ([name, url]) => [name, await documentAt(url)] as const);
    return Object.fromEntries((await Promise.all(answers)).filter(([, document]) => document !== undefined));
  }
}

/** Undefined where the service does not answer as it should: the others are worth being told of. */
async function documentAt(url: string): Promise<OpenAPIObject | undefined> {
  try {
    const answer = await fetch(new URL('/v3/api-docs', url), { signal: AbortSignal.timeout(patienceMs) });
    const text = answer.ok ? await boundedText(answer, maxDocumentBytes) : undefined;
    const document: unknown = text === undefined ? undefined : JSON.parse(text);
    return Document.safeParse(document).success ? (document as OpenAPIObject) : undefined;
  } catch {
    return undefined;
  }
}
