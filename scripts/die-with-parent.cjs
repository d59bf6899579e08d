// Preloaded into the services by scripts/service-process.ts: a service must not outlive the process that started it,
// also when that one had no time to say goodbye.
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 15_000).unref();
});
// this channel alone is no reason to go on
process.channel?.unref();
