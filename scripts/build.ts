import { buildAnew } from './build-apps';
import { messageOf, onlyHelp } from './command-line';

onlyHelp(`
usage: npm run build

Compiles the services, the gateway and the operators' commands to dist/, whether or not a source is newer, with dist/build-info.json: the version, when it
was built and from which commit (git's, or GIT_BRANCH, GIT_COMMIT and GIT_COMMIT_TIME where there is no repository, as in an image's build).
`);

buildAnew().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
