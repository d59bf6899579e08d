import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMaven } from '../embedded/java';
import { repositoryRoot } from '../embedded/repository';
import { onlyHelp, say } from './command-line';

onlyHelp(`
usage: npm run sbom

Writes bills of materials (CycloneDX, JSON) to dist/sbom: services.cdx.json lists what the images contain of npm,
embedded.cdx.json the jars of the embedded engines.
`);

const root = repositoryRoot();
const folder = join(root, 'dist', 'sbom');
const plugin = 'org.cyclonedx:cyclonedx-maven-plugin:2.9.3:makeBom';

mkdirSync(folder, { recursive: true });
const services = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--omit=optional'], {
  cwd: root,
  maxBuffer: 64 * 1024 * 1024,
});
writeFileSync(join(folder, 'services.cdx.json'), services);
say(join(folder, 'services.cdx.json'));
const options = ['-DoutputFormat=json', '-DoutputName=embedded.cdx', `-DoutputDirectory=${folder}`];
execFileSync(findMaven(), ['-q', '-B', '-f', join(root, 'embedded', 'pom.xml'), plugin, ...options], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
say(join(folder, 'embedded.cdx.json'));
