import type { LoggerService } from '@nestjs/common';
import { type Level, logEvents, type LogLevel, type LogLevels } from '@storefront/actuator';
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { Logger, PinoLogger } from 'nestjs-pino';
import { type DestinationStream, type Logger as Pino, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import { logLevels } from './log-levels';
import { loggable, maxTextCharacters } from './logging/log-line';
import { loggedError } from './logging/logged-error';
import { terminalSafe } from './logging/terminal-safe';
import type { ProcessEnvironment } from './service-environment';

type LogEnvironment = Pick<ProcessEnvironment, 'LOG_LEVEL' | 'LOG_FORMAT'>;

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
 * A line has at most 16 KiB, no credentials and no card numbers, and of an error only its name, message, code, stack and causes.
 * Lines are written synchronously, so that the last ones of a dying process are there.
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
    hooks: { streamWrite: loggable, logMethod: admitted(levels) },
  };
  const logger = pino(options, destination);
  levels.onChange((mostVerbose) => (logger.level = pinoLevels[mostVerbose]));
  const parameters = { pinoHttp: { logger, serializers: { err: asGiven } } };
  return new ServiceLogger(new PinoLogger(parameters), parameters);
}

function destinationFor({ LOG_FORMAT }: LogEnvironment): DestinationStream {
  const format = LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json');
  if (format === 'json') return pino.destination({ dest: 1, sync: true });
  const messageFormat = '{name} {if context}{context}: {end}{msg}';
  return forTerminal(pretty({ sync: true, ignore: 'pid,hostname,name,context,traceId', messageFormat }));
}

/** What others wrote paints no terminal and begins no line of its own there. */
export function forTerminal(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(terminalSafe(line)) };
}

/** Lets in what the level of its context lets in, and counts it. */
function admitted(levels: LogLevels): NonNullable<LoggerOptions['hooks']>['logMethod'] {
  const count = logEvents();
  return function (this: Pino, parameters, method, number) {
    const { context } = (parameters[0] ?? {}) as { context?: unknown };
    const { level, counted } = levelOf(number);
    if (!levels.isEnabled(typeof context === 'string' ? context : 'ROOT', level)) return;
    count(counted);
    method.apply(this, boundedParameters(parameters) as typeof parameters);
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

/** The parameters of a log call, texts no longer than a line could have, and an error among them where pino looks for it. */
function boundedParameters([first, ...rest]: readonly unknown[]): unknown[] {
  const others = rest.map(bounded);
  if (typeof first !== 'object' || first === null) return [bounded(first), ...others];
  const error = first instanceof Error ? first : rest.find((each) => each instanceof Error);
  const fields = Object.entries(first).map(([name, value]) => [name, bounded(value)]);
  const err = error && { err: loggedError(error) };
  return [first instanceof Error ? err : { ...err, ...Object.fromEntries(fields) }, ...others];
}

function bounded(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, maxTextCharacters);
  return value instanceof Error ? loggedError(value) : value;
}

/** An error is bounded before: pino-http, beneath Nest's logger, would describe it once more. */
function asGiven(described: { readonly raw?: unknown } | undefined): unknown {
  return described?.raw ?? described;
}

function activeTrace(): object {
  const span = trace.getSpanContext(context.active());
  // where nothing is recorded, spans have an id of zeros
  return span && isSpanContextValid(span) ? { traceId: span.traceId } : {};
}
