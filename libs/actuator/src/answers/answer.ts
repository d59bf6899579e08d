import type { FastifyReply } from 'fastify';
import { acceptable } from './media-types';

/**
 * Sends what an endpoint says, in Actuator's manner: compact JSON under the type the client likes best, 406 without a body
 * when it likes none of Actuator's. Nothing to say (undefined) is a 404 without a body to a read, 204 to anything else.
 */
export function answer(reply: FastifyReply, body: object | undefined, status = 200): void {
  const type = acceptable(reply.request.headers.accept);
  const isRead = reply.request.method === 'GET' || reply.request.method === 'HEAD';
  if (type === undefined) reply.code(406).send();
  else if (body === undefined) reply.code(isRead ? 404 : 204).send();
  // as bytes: to a text Fastify would add a charset
  else
    reply
      .code(status)
      .header('content-type', type)
      .send(Buffer.from(JSON.stringify(body)));
}
