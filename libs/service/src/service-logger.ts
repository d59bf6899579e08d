import type { LoggerService } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import { Logger, PinoLogger } from 'nestjs-pino';
import { type DestinationStream, pino } from 'pino';
import pretty from 'pino-pretty';
import type { ProcessEnvironment } from './service-environment';

type LogEnvironment = Pick<ProcessEnvironment, 'LOG_LEVEL' | 'LOG_FORMAT'>;

const cardNumber = /\b(?:\d{4}[- ]){3}(\d{4})\b/g;
const redactedPaths = [
  'authorization',
  '*.authorization',
  '*.headers.authorization',
  '*.password',
  '*.creditCards[*].number',
];

const startupContexts = [
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
];

/** What Nest says while it starts is for those who ask for details. */
class ServiceLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (startupContexts.includes(String(rest.at(-1)))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}

/**
 * Nest's logger over pino: readable on a terminal, JSON lines elsewhere, with the trace id of the request or message at hand.
 * Credentials and card numbers do not get out. Written synchronously, so that the last lines of a dying process are there.
 */
export function serviceLogger(name: string, environment: LogEnvironment): LoggerService {
  const format = environment.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const logger = pino(
    {
      name,
      level: environment.LOG_LEVEL,
      mixin: activeTrace,
      redact: { paths: ['creditCards[*].number', ...redactedPaths], censor: '****' },
      hooks: { streamWrite: (line) => line.replace(cardNumber, '****-****-****-$1') },
    },
    format === 'pretty' ? readable() : pino.destination({ dest: 1, sync: true }),
  );
  const parameters = { pinoHttp: { logger } };
  return new ServiceLogger(new PinoLogger(parameters), parameters);
}

function readable(): DestinationStream {
  return pretty({ sync: true, ignore: 'pid,hostname,name,context,traceId', messageFormat: '{name} {context} {msg}' });
}

function activeTrace(): object {
  const traceId = trace.getSpanContext(context.active())?.traceId;
  return traceId === undefined ? {} : { traceId };
}
