/** How long a yardstick's server keeps a connection open: Fastify's, as ours. Contenders wait longer for their turn than Node's 5 s. */
export const KEEP_ALIVE_MS = 72_000;
