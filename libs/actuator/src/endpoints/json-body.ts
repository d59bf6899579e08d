import { BadRequestException } from '@nestjs/common';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** A request's JSON, also where the server hands bodies on as they arrive. Throws BadRequestException. */
export async function jsonBody(body: unknown): Promise<unknown> {
  if (!(body instanceof Readable)) return body;
  try {
    const json: unknown = JSON.parse((await text(body)) || 'null');
    return json;
  } catch {
    throw new BadRequestException('JSON parse error: the body is not valid JSON');
  }
}
