import { type Board, graph, stat } from './board';

const of = 'job=~"$job", instance=~"$instance"';
const rate = (name: string, by: string, more = '') => `sum by (${by}) (rate(${name}{${of}${more}}[$__rate_interval]))`;
const mean = (name: string, by: string) => `${rate(`${name}_sum`, by)} / (${rate(`${name}_count`, by)} > 0)`;

/** One service, or one instance of it: what it is asked, what it waits for, what it uses. */
export const service: Board = {
  uid: 'storefront-service',
  title: 'Storefront: one service',
  description: 'What it is asked, what it waits for, what it uses.',
  variables: {
    job: 'label_values(up{job=~"accounts|orders|fulfillment|gateway"}, job)',
    instance: 'label_values(up{job=~"$job"}, instance)',
  },
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Up for', 's', { '{{instance}}': `time() - process_start_time_seconds{${of}}` }),
        stat('CPU', 'percentunit', {
          '{{instance}}': `sum by (instance) (rate(process_cpu_seconds_total{${of}}[$__rate_interval]))`,
        }),
        stat('Memory', 'bytes', { '{{instance}}': `process_resident_memory_bytes{${of}}` }),
        stat('Event loop late, 99 of 100', 's', { '{{instance}}': `nodejs_eventloop_lag_p99_seconds{${of}}` }),
      ],
    },
    {
      title: 'Asked',
      panels: [
        graph('Requests', 'reqps', { '{{method}} {{uri}}': rate('http_server_requests_seconds_count', 'method, uri') }),
        graph(
          'Answers',
          'reqps',
          { '{{status}}': rate('http_server_requests_seconds_count', 'status') },
          { stacked: true },
        ),
        graph('Answered within, mean', 's', {
          '{{method}} {{uri}}': mean('http_server_requests_seconds', 'method, uri'),
        }),
      ],
    },
    {
      title: 'Waits for',
      panels: [
        graph('Commands to the store', 'ops', {
          '{{command}} {{collection}}': rate('mongodb_driver_commands_seconds_count', 'command, collection'),
        }),
        graph('Commands to the store, mean', 's', {
          '{{command}} {{collection}}': mean('mongodb_driver_commands_seconds', 'command, collection'),
        }),
        graph('Connections to the store', 'short', {
          '{{instance}} open': `sum by (instance) (mongodb_driver_pool_size{${of}})`,
          '{{instance}} in use': `sum by (instance) (mongodb_driver_pool_checkedout{${of}})`,
          '{{instance}} waiting': `sum by (instance) (mongodb_driver_pool_waitqueuesize{${of}})`,
        }),
        graph('Produce request, mean', 's', {
          '{{job}} {{result}}': mean('spring_kafka_template_seconds', 'job, result'),
        }),
        graph('Fetches and heartbeats', 'ops', {
          '{{job}} fetches': rate('kafka_consumer_fetch_manager_fetch_total', 'job'),
          '{{job}} heartbeats': rate('kafka_consumer_coordinator_heartbeat_total', 'job'),
        }),
        graph('Parts of its health', 'short', { '{{component}}': `min by (component) (health_component_up{${of}})` }),
      ],
    },
    {
      title: 'Uses',
      panels: [
        graph('CPU', 'percentunit', {
          '{{instance}} user': rate('process_cpu_user_seconds_total', 'instance'),
          '{{instance}} system': rate('process_cpu_system_seconds_total', 'instance'),
        }),
        graph('Memory', 'bytes', {
          '{{instance}} resident': `process_resident_memory_bytes{${of}}`,
          '{{instance}} heap': `nodejs_heap_size_used_bytes{${of}}`,
          '{{instance}} external': `nodejs_external_memory_bytes{${of}}`,
        }),
        graph('Event loop late', 's', {
          '{{instance}} half': `nodejs_eventloop_lag_p50_seconds{${of}}`,
          '{{instance}} 99 of 100': `nodejs_eventloop_lag_p99_seconds{${of}}`,
          '{{instance}} longest': `nodejs_eventloop_lag_max_seconds{${of}}`,
        }),
        graph('Garbage collection', 's', {
          '{{instance}} {{kind}}': rate('nodejs_gc_duration_seconds_sum', 'instance, kind'),
        }),
        graph('Open files and handles', 'short', {
          '{{instance}} files': `process_open_fds{${of}}`,
          '{{instance}} handles': `nodejs_active_handles_total{${of}}`,
        }),
        graph('Lines in the log', 'ops', { '{{level}}': rate('logback_events_total', 'level') }),
      ],
    },
  ],
};
