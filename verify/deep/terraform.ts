import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { broken } from '../terraform/broken';
import { Configuration } from '../terraform/configuration';
import { terraformTool } from '../terraform/tools';
import { cacheFolder } from '../tools';
import type { Steps } from './steps';

const root = join(__dirname, '../..');

/** Each folder of infra/ is valid, and is not when it is broken. */
export async function checkTerraform(steps: Steps): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'storefront-terraform-'));
  const cache = cacheFolder();
  const command = terraformTool(cache);
  try {
    for (const name of readdirSync(join(root, 'infra'))) {
      const ways = broken[name] ?? [];
      let configuration: Configuration | undefined;
      await steps.step(`${basename(command)} validate infra/${name}`, async () => {
        configuration = Configuration.prepare(join(root, 'infra', name), scratch, { command, cache });
        return Promise.resolve(configuration.faults());
      });
      await steps.step(`infra/${name} broken in ${ways.length} ways: each is told`, async () =>
        Promise.resolve(
          ways.flatMap(({ file, whole, broken: by, told }) => {
            const said = configuration?.faultsWith(file, whole, by) ?? [];
            return said.some((each) => each.includes(told))
              ? []
              : [`${file} with ${by}: ${said.join('; ') || 'accepted'}`];
          }),
        ),
      );
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
