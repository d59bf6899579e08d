// Stands in for a service in system.e2e-spec.ts: it answers with the environment it was given.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(3);
  response.end(request.url === '/env' ? JSON.stringify(process.env) : 'UP');
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => {
  if (process.env.STUB_IS_DEAF !== 'true') setTimeout(() => process.exit(0), 50);
});
