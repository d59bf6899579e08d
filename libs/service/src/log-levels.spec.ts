import { logLevels } from './log-levels';
import { serviceLogger } from './service-logger';

const lines: string[] = [];

beforeEach(() => void (lines.length = 0));

describe('levels', () => {
  it.each<[Record<string, string>, string, string]>([
    [{ LOGGING_LEVEL_KAFKACONSUMER: 'debug' }, 'KafkaConsumer', 'DEBUG'],
    [{ LOGGING_LEVEL_kafka: 'WARN' }, 'Publisher', 'WARN'],
    [{ LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_WEB: 'ERROR' }, 'org.springframework.web.servlet', 'ERROR'],
    [{ LOGGING_LEVEL_ROOT: 'TRACE' }, 'Anything', 'INFO'],
    [{ LOGGING_LEVEL_SWEEP: 'loud' }, 'Sweep', 'INFO'],
    [{}, 'Anything', 'INFO'],
  ])('come from variables: %j, %s', (variables, name, effectiveLevel) => {
    const levels = logLevels({ LOG_LEVEL: 'info' }, variables);
    levels.isEnabled(name, 'INFO');
    expect(levels.one(name)).toMatchObject({ effectiveLevel });
  });

  it('are changed while the logger is in use', () => {
    const levels = logLevels({ LOG_LEVEL: 'info' });
    const logger = serviceLogger('x', { LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) }, levels);
    logger.debug?.('one', 'Sweep');
    levels.configure('Sweep', 'DEBUG');
    logger.debug?.('two', 'Sweep');
    logger.debug?.('three', 'Other');
    levels.configure('ROOT', 'OFF');
    logger.error('four', 'Other');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['two']);
  });
});
