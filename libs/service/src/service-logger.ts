import type { LoggerService } from '@nestjs/common';
import { logEvents, type LogLevel } from '@storefront/actuator';
import { context, trace } from '@opentelemetry/api';
import { Logger, PinoLogger } from 'nestjs-pino';
import { type DestinationStream, type Logger as Pino, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import type { ProcessEnvironment } from './service-environment';

type LogEnvironment = Pick<ProcessEnvironment, 'LOG_LEVEL' | 'LOG_FORMAT'>;

const cardNumber = /\b(?:\d{4}[- ]){3}(\d{4})\b/g;
const uriPassword = /(\w+:\/\/[^\s:/@"]*:)[^\s@"]+@/g;
const redactedPaths = [
  'creditCards[*].number',
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
export function serviceLogger(
  name: string,
  environment: LogEnvironment,
  destination = destinationFor(environment),
): LoggerService {
  const options: LoggerOptions = {
    name,
    level: environment.LOG_LEVEL,
    mixin: activeTrace,
    redact: { paths: redactedPaths, censor: '****' },
    hooks: { streamWrite: withoutSecrets, logMethod: counted() },
  };
  const parameters = { pinoHttp: { logger: pino(options, destination) } };
  return new ServiceLogger(new PinoLogger(parameters), parameters);
}

function destinationFor({ LOG_FORMAT }: LogEnvironment): DestinationStream {
  const format = LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json');
  if (format === 'json') return pino.destination({ dest: 1, sync: true });
  const messageFormat = '{name} {if context}{context}: {end}{msg}';
  return pretty({ sync: true, ignore: 'pid,hostname,name,context,traceId', messageFormat });
}

/** Counts every line that its level lets into the log. */
function counted(): NonNullable<LoggerOptions['hooks']>['logMethod'] {
  const count = logEvents();
  return function (this: Pino, parameters, method, level) {
    count(micrometerLevel(level));
    method.apply(this, parameters);
  };
}

function micrometerLevel(level: number): LogLevel {
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  if (level >= 30) return 'info';
  return level >= 20 ? 'debug' : 'trace';
}

/** What is left where a secret stands in a text and not in a field of its own. */
function withoutSecrets(line: string): string {
  return line.replace(cardNumber, '****-****-****-$1').replace(uriPassword, '$1****@');
}

function activeTrace(): object {
  const traceId = trace.getSpanContext(context.active())?.traceId;
  return traceId === undefined ? {} : { traceId };
}
