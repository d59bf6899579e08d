import { Lifecycle } from '@storefront/actuator';
import { VersionWaits } from '@storefront/hal';
import { Logger } from '@nestjs/common';
import { endTraces } from './tracing/trace-export';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const stopDeadlineMs = 14_000;
/** So long safe requests are served, and idle connections stay open to be closed behind an answer rather than cut off. */
const noticeMs = 500;
const requestsDeadlineMs = 8_000;
const logger = new Logger('Service');

/**
 * Ends the process in order on SIGTERM, SIGINT or SIGHUP: with 0, or with 1 when that took longer than 14 s. From the signal on,
 * readiness is OUT_OF_SERVICE, new requests that are not safe get 503, and so do those that wait for an event. Half a second later safe ones do too,
 * and `app.close()` does, in this order (Nest 12.5, seen in start-service.e2e-spec):
 * 1. `onModuleDestroy`, then `beforeApplicationShutdown`, while requests in flight and consumers still work;
 * 2. HTTP closes: it waits for the requests in flight, for at most 8 s;
 * 3. the consumers close (`close()` of the strategy);
 * 4. `onApplicationShutdown`, modules near the root first: the publisher drains, then mongoose closes the store.
 * Then what was recorded of traces is sent.
 */
export function stopOnSignals(app: NestFastifyApplication): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    void drainAndExit(app, signal);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
  process.on('uncaughtException', dieOf).on('unhandledRejection', dieOf);
}

async function drainAndExit(app: NestFastifyApplication, signal: NodeJS.Signals): Promise<void> {
  logger.log(`Got ${signal}: finishing what was begun`);
  app.get(Lifecycle).drain();
  app.get(VersionWaits).end();
  setTimeout(dieOf, stopDeadlineMs, new Error(`Not stopped after ${stopDeadlineMs} ms`)).unref();
  setTimeout(breakRequestsOff, requestsDeadlineMs, app).unref();
  try {
    await new Promise((resolve) => setTimeout(resolve, noticeMs));
    app.get(Lifecycle).close();
    await app.close();
    await endTraces();
    logger.log('Stopped');
    process.exit(0);
  } catch (error) {
    dieOf(error);
  }
}

function breakRequestsOff(app: NestFastifyApplication): void {
  logger.warn(`Requests still in flight after ${requestsDeadlineMs} ms are broken off`);
  app.getHttpServer().closeAllConnections();
}

function dieOf(error: unknown): never {
  logger.fatal(error);
  process.exit(1);
}
