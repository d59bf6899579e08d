const PARENT_LOOK_MS = 500;

/**
 * Calls `stop` once when the shell of `npm run` has ended before this process. npm passes a signal to its shell, which may end of it and tell
 * nobody: what the shell started sees that its parent is another one. Does nothing where npm has not started the process.
 */
export function whenNpmIsGone(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(looking);
    stop();
  }, PARENT_LOOK_MS).unref();
}
