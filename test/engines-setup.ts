import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engines, startEngines } from '../embedded/engines';

declare global {
  var engines: Engines | undefined;
  var enginesDataDir: string | undefined;
}

/** One Kafka and one MongoDB-protocol server for all e2e specs; yours instead where the environment names them. */
export default async function setup(): Promise<void> {
  const { KAFKA_BROKERS, MONGODB_URI } = process.env;
  if (KAFKA_BROKERS && MONGODB_URI) return;
  globalThis.enginesDataDir = mkdtempSync(join(tmpdir(), 'storefront-test-'));
  globalThis.engines = await startEngines({
    dataDir: globalThis.enginesDataDir,
    kafkaPort: KAFKA_BROKERS ? false : 0,
    mongoPort: MONGODB_URI ? false : 0,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.env.ENGINES_DATA_DIR = globalThis.enginesDataDir;
  process.env.KAFKA_BROKERS ??= globalThis.engines.brokers;
  process.env.MONGODB_URI ??= globalThis.engines.mongoUri;
}
