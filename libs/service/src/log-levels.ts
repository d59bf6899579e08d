import { type Level, levelNamed, LogLevels } from '@storefront/actuator';
import type { ProcessEnvironment } from './service-environment';

const prefix = /^LOGGING_LEVEL_(?!ROOT$)(.+)$/i;
const groups = {
  web: ['Requests', 'Failures'],
  kafka: ['KafkaConsumer', 'KafkaProducer', 'KafkaTopics', 'kafkajs', 'Publisher', 'Sweep', 'ParkedEvents', 'Redrive'],
  mongo: ['Store'],
};
const rootLevels: Readonly<Record<ProcessEnvironment['LOG_LEVEL'], Level>> = {
  silent: 'OFF',
  fatal: 'FATAL',
  error: 'ERROR',
  warn: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
};

/** The levels an environment asks for: `LOG_LEVEL` for all, `LOGGING_LEVEL_{NAME}` for one logger or group (`_` is a dot, or nothing). */
export function logLevels(
  { LOG_LEVEL }: Pick<ProcessEnvironment, 'LOG_LEVEL'>,
  variables: Readonly<Record<string, string | undefined>> = {},
): LogLevels {
  const levels = new LogLevels({ root: rootLevels[LOG_LEVEL], groups });
  for (const [variable, text = ''] of Object.entries(variables)) {
    const [, name] = prefix.exec(variable) ?? [];
    const level = levelNamed(text);
    if (!name || !level) continue;
    const group = Object.keys(groups).find((each) => each === name.toLowerCase());
    levels.configure(group ?? name.replaceAll('_', '.'), level);
  }
  return levels;
}
