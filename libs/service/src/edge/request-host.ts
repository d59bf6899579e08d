import { isHost } from '@storefront/hal';
import { BadRequestException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** Stands for the empty host of a whole URL, and is refused as any other text that is no host (RFC 9110, 4.2.1). */
const noHost = ':';
const absoluteForm = /^https?:\/\/([^/?#]*)/i;

/**
 * Returns path and query of a request whose target is a whole URL, as proxies are asked (RFC 9112, 3.2.2). The host in that URL
 * counts then, whatever `Host` says. Other targets are returned as they are.
 */
export function targetOf(request: IncomingMessage): string {
  const { url = '/', headers } = request;
  const [whole, host] = absoluteForm.exec(url) ?? [];
  if (whole === undefined) return url;
  headers.host = host === '' ? noHost : host;
  const rest = url.slice(whole.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * Refuses with 400 a request that does not say clearly which host it is for: with several lines of `Host`, or one that is no host
 * (RFC 9112, 3.2), or with none at all in HTTP/1.1. An empty one, and none in HTTP/1.0, are allowed.
 */
export function refuseUnclearHosts(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.headers;
    if (host !== undefined && host !== '' && !isHost(host)) return done(unclear('must be a name or an address'));
    // counted, since the host of a whole URL has taken the header's place
    const lines = hostLines(request);
    if (lines === 0 && request.raw.httpVersion !== '1.0') return done(unclear('is missing'));
    done(lines > 1 ? unclear('may be there once') : undefined);
  });
}

function unclear(message: string): BadRequestException {
  return new BadRequestException(`The header Host ${message}.`);
}

function hostLines({ raw: { rawHeaders } }: FastifyRequest): number {
  let lines = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') lines++;
  }
  return lines;
}
