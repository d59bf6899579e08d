import { type Board, graph, stat } from './board';

const of = 'job=~"$job"';
const rate = (name: string, by: string) => `sum by (${by}) (rate(${name}{${of}}[$__rate_interval]))`;

/** What mongodb_exporter reads of the server. */
export const mongodb: Board = {
  uid: 'storefront-mongodb',
  title: 'Storefront: MongoDB',
  description: 'The server by mongodb_exporter: operations, their time, memory, sizes.',
  variables: { job: 'label_values(mongodb_up, job)' },
  rows: [
    {
      title: 'Server',
      panels: [
        stat('Reached', 'short', { reached: `min(mongodb_up{${of}})` }),
        stat('Up for', 's', { '': `min(mongodb_ss_uptime{${of}})` }),
        stat('Resident memory', 'decmbytes', { '': `max(mongodb_ss_mem_resident{${of}})` }),
        stat('Connections', 'short', { '': `sum(mongodb_ss_connections{conn_type="current",${of}})` }),
      ],
    },
    {
      title: 'Operations',
      panels: [
        graph('Operations', 'ops', { '{{legacy_op_type}}': rate('mongodb_ss_opcounters', 'legacy_op_type') }),
        graph('Time an operation, mean', 's', {
          '{{op_type}}': `${rate('mongodb_ss_opLatencies_latency', 'op_type')} / ${rate('mongodb_ss_opLatencies_ops', 'op_type')} / 1e6`,
        }),
        graph('Waiting for a lock', 'short', {
          '{{count_type}}': `sum by (count_type) (mongodb_ss_globalLock_currentQueue{${of}})`,
        }),
        graph('Connections', 'short', { '{{conn_type}}': `sum by (conn_type) (mongodb_ss_connections{${of}})` }),
        graph('Network', 'Bps', {
          in: `sum(rate(mongodb_ss_network_bytesIn{${of}}[$__rate_interval]))`,
          out: `sum(rate(mongodb_ss_network_bytesOut{${of}}[$__rate_interval]))`,
        }),
        graph('Cache', 'bytes', {
          used: `max(mongodb_ss_wt_cache_bytes_currently_in_the_cache{${of}})`,
          most: `max(mongodb_ss_wt_cache_maximum_bytes_configured{${of}})`,
        }),
      ],
    },
    {
      title: 'Databases',
      panels: [
        graph('Data', 'bytes', { '{{database}}': `max by (database) (mongodb_dbstats_dataSize{${of}})` }),
        graph('On disk', 'bytes', { '{{database}}': `max by (database) (mongodb_dbstats_storageSize{${of}})` }),
        graph('Indexes', 'bytes', { '{{database}}': `max by (database) (mongodb_dbstats_indexSize{${of}})` }),
      ],
    },
  ],
};
