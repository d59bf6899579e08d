import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration } from '../terraform/configuration';
import { invalid } from '../terraform/invalid';
import { terraformTool } from '../terraform/tools';
import { untrue } from '../terraform/untrue';
import { cacheFolder } from '../tools';
import type { Steps } from './steps';

const root = join(__dirname, '../..');

/** Each folder of infra/ is valid and does what its tests say, and does not when it is broken. */
export async function checkTerraform(steps: Steps): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'storefront-terraform-'));
  const cache = cacheFolder();
  const command = terraformTool(cache);
  try {
    for (const name of readdirSync(join(root, 'infra'))) {
      const source = join(root, 'infra', name);
      await checkFolder(steps, name, () => Configuration.prepare(source, scratch, { command, cache }));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function checkFolder(steps: Steps, name: string, prepare: () => Configuration): Promise<void> {
  let configuration: Configuration | undefined;
  await steps.step(`infra/${name}: providers and modules`, async () => {
    configuration = prepare();
    return Promise.resolve([]);
  });
  if (!configuration) return;
  const its = configuration;
  const asked = [
    { title: 'validate', ways: invalid[name] ?? [], ask: (of: Configuration) => of.invalid() },
    { title: 'test', ways: untrue[name] ?? [], ask: (of: Configuration) => of.untrue() },
  ];
  for (const { title, ways, ask } of asked) {
    await steps.step(`infra/${name}: ${title}`, async () => Promise.resolve(ask(its)));
    await steps.step(`infra/${name}: ${title}, broken in ${ways.length} ways that must be told`, async () =>
      Promise.resolve(
        ways.flatMap((way) => {
          const said = its.with(way, ask).join('; ');
          return said.includes(way.told) ? [] : [`${way.file} with ${way.broken}: ${said || 'accepted'}`];
        }),
      ),
    );
  }
}
