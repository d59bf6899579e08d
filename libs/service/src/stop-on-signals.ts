import { Lifecycle } from '@storefront/actuator';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const stopDeadlineMs = 14_000;
const requestsDeadlineMs = 8_000;
const logger = new Logger('Service');

/**
 * Ends the process in order on SIGTERM or SIGINT, with 0, or with 1 when that took longer than 14 s. Readiness goes first.
 */
export function stopOnSignals(app: NestFastifyApplication): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    void drainAndExit(app, signal);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  process.on('uncaughtException', dieOf).on('unhandledRejection', dieOf);
}

async function drainAndExit(app: NestFastifyApplication, signal: NodeJS.Signals): Promise<void> {
  logger.log(`Got ${signal}: finishing what was begun`);
  app.get(Lifecycle).drain();
  setTimeout(dieOf, stopDeadlineMs, new Error(`Not stopped after ${stopDeadlineMs} ms`)).unref();
  setTimeout(() => app.getHttpServer().closeAllConnections(), requestsDeadlineMs).unref();
  try {
    await app.close();
    logger.log('Stopped');
    process.exit(0);
  } catch (error) {
    dieOf(error);
  }
}

function dieOf(error: unknown): never {
  logger.fatal(error);
  process.exit(1);
}
