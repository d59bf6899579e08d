import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

const mostBytes = 64 * 1024;

/**
 * Reads the JSON of a request where the server hands bodies on as streams, and puts it in the stream's place. Throws
 * PayloadTooLargeException beyond 64 KiB, and BadRequestException for what is no JSON.
 */
export async function readStreamedBody(request: FastifyRequest): Promise<void> {
  if (!(request.body instanceof Readable)) return;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes > mostBytes) throw new PayloadTooLargeException('Request body is too large');
    chunks.push(part);
  }
  request.body = bytes === 0 ? undefined : parsed(Buffer.concat(chunks).toString());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequestException('JSON parse error: the body is not valid JSON');
  }
}
