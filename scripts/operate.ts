import { callWithoutNpm } from './command';
import { say } from './command-line';

/**
 * The operators' commands in an image, where there is no npm: `storefront reconcile --repair` is what `npm run reconcile -- --repair` is in
 * the repository. Each command reads its arguments from the process and ends it, with the exit code that its usage tells.
 */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  parked: () => import('./parked.js'),
  reconcile: () => import('./reconcile.js'),
  republish: () => import('./republish.js'),
  rebuild: () => import('./rebuild.js'),
  partitions: () => import('./partitions.js'),
  'kafka:topics': () => import('./kafka-topics.js'),
  'kafka:acls': () => import('./kafka-acls.js'),
  'migrate:orders': () => import('./migrate-orders.js'),
  'migrate:ids': () => import('./migrate-ids.js'),
};

const usage = `
usage: storefront <command> [options]

Commands: ${Object.keys(commands).join(', ')}; storefront <command> --help tells each one's options.
storefront wait does nothing until it is told to end: it keeps a pod there for kubectl exec.
`.trim();

/** Keeps the process until SIGTERM or SIGINT, which process 1 of a container has to ask for itself. */
function wait(): void {
  const timer = setInterval(() => {}, 2 ** 30);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => clearInterval(timer));
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command !== undefined) {
  // a command finds its arguments where it finds them without this file
  process.argv.splice(2, 1);
  callWithoutNpm();
  void command();
} else if (name === 'wait' && args.length === 0) {
  wait();
} else if (name === '--help' || name === '-h') {
  say(usage);
} else {
  process.stderr.write(`${name === '' ? '' : `There is no command ${name}.\n`}${usage}\n`);
  process.exitCode = 2;
}
