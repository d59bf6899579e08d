import type { LoggerService } from '@nestjs/common';
import { type Level, logEvents, type LogLevel, type LogLevels } from '@storefront/actuator';
import { context, trace } from '@opentelemetry/api';
import { Logger, PinoLogger } from 'nestjs-pino';
import { type DestinationStream, type Logger as Pino, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import { logLevels } from './log-levels';
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

const pinoLevels: Readonly<Record<Level, ProcessEnvironment['LOG_LEVEL']>> = {
  OFF: 'silent',
  FATAL: 'fatal',
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'trace',
};

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
  levels = logLevels(environment),
): LoggerService {
  const options: LoggerOptions = {
    name,
    level: environment.LOG_LEVEL,
    mixin: activeTrace,
    redact: { paths: redactedPaths, censor: '****' },
    hooks: { streamWrite: withoutSecrets, logMethod: admitted(levels) },
  };
  const logger = pino(options, destination);
  levels.onChange((mostVerbose) => (logger.level = pinoLevels[mostVerbose]));
  const parameters = { pinoHttp: { logger } };
  return new ServiceLogger(new PinoLogger(parameters), parameters);
}

function destinationFor({ LOG_FORMAT }: LogEnvironment): DestinationStream {
  const format = LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json');
  if (format === 'json') return pino.destination({ dest: 1, sync: true });
  const messageFormat = '{name} {if context}{context}: {end}{msg}';
  return pretty({ sync: true, ignore: 'pid,hostname,name,context,traceId', messageFormat });
}

/** Lets in what the level of its context lets in, and counts it. */
function admitted(levels: LogLevels): NonNullable<LoggerOptions['hooks']>['logMethod'] {
  const count = logEvents();
  return function (this: Pino, parameters, method, number) {
    const { context } = (parameters[0] ?? {}) as { context?: unknown };
    const { level, counted } = levelOf(number);
    if (!levels.isEnabled(typeof context === 'string' ? context : 'ROOT', level)) return;
    count(counted);
    method.apply(this, parameters);
  };
}

/** As loggers are configured, and as Logback, which has no FATAL, counts. */
function levelOf(number: number): { level: Level; counted: LogLevel } {
  if (number >= 60) return { level: 'FATAL', counted: 'error' };
  if (number >= 50) return { level: 'ERROR', counted: 'error' };
  if (number >= 40) return { level: 'WARN', counted: 'warn' };
  if (number >= 30) return { level: 'INFO', counted: 'info' };
  return number >= 20 ? { level: 'DEBUG', counted: 'debug' } : { level: 'TRACE', counted: 'trace' };
}

/** What is left where a secret stands in a text and not in a field of its own. */
function withoutSecrets(line: string): string {
  return line.replace(cardNumber, '****-****-****-$1').replace(uriPassword, '$1****@');
}

function activeTrace(): object {
  const traceId = trace.getSpanContext(context.active())?.traceId;
  return traceId === undefined ? {} : { traceId };
}
