import { Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { getHeapSnapshot } from 'node:v8';
import { ManagementEndpoint } from '../access/management-endpoint';

/**
 * `/actuator/heapdump`: a heap snapshot as Chrome's developer tools read it, one at a time (429). V8 stops everything while
 * it walks the heap (about a second for each 100 MB) and needs as much memory again; only then is it sent, as fast as the
 * client reads. It holds all that the process has in memory, secrets too.
 */
@ManagementEndpoint('heapdump')
export class HeapDumpController {
  private isBusy = false;

  @Get()
  dump(@Res() reply: FastifyReply): void {
    if (this.isBusy) return void reply.code(429).send();
    this.isBusy = true;
    const snapshot = getHeapSnapshot();
    snapshot.once('close', () => (this.isBusy = false));
    const name = `heapdump-${new Date().toISOString().replace(/[:.]/g, '-')}.heapsnapshot`;
    reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(snapshot);
  }
}
