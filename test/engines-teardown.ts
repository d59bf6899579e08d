import { rmSync } from 'node:fs';

export default async function teardown(): Promise<void> {
  await globalThis.engines?.stop();
  if (globalThis.enginesDataDir) rmSync(globalThis.enginesDataDir, { recursive: true, force: true });
}
