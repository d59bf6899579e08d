import { type Board, graph, stat } from './board';

const of = 'job=~"$job", instance=~"$instance"';
const rate = (name: string, by: string, more = '') => `sum by (${by}) (rate(${name}{${of}${more}}[$__rate_interval]))`;
const mean = (name: string, by: string) => `${rate(`${name}_sum`, by)} / (${rate(`${name}_count`, by)} > 0)`;

/** What a dashboard for Spring Boot asks, by the names that the originals had: nothing of it knows that this is Node. */
export const springBoot: Board = {
  uid: 'storefront-spring-boot',
  title: 'Storefront: as Spring Boot',
  description:
    'HTTP, process, memory, log and Kafka by the metric names of Micrometer, as the original services had them.',
  variables: {
    job: 'label_values(http_server_requests_seconds_count, job)',
    instance: 'label_values(http_server_requests_seconds_count{job=~"$job"}, instance)',
  },
  rows: [
    {
      title: 'Process',
      panels: [
        stat('Uptime', 's', { '{{instance}}': `process_uptime_seconds{${of}}` }),
        stat('Start time', 'dateTimeAsIso', { '{{instance}}': `process_start_time_seconds{${of}} * 1000` }),
        stat('Heap used', 'percentunit', {
          '{{instance}}': `sum by (instance) (jvm_memory_used_bytes{${of}, area="heap"}) / sum by (instance) (jvm_memory_max_bytes{${of}, area="heap"} > 0)`,
        }),
        stat('Load', 'short', { '{{instance}}': `system_load_average_1m{${of}}` }),
        stat('CPUs', 'short', { '{{instance}}': `system_cpu_count{${of}}` }),
      ],
    },
    {
      title: 'HTTP',
      panels: [
        graph('Requests', 'reqps', {
          '{{method}} {{uri}} {{status}}': rate('http_server_requests_seconds_count', 'method, uri, status'),
        }),
        graph('Mean', 's', { '{{uri}}': mean('http_server_requests_seconds', 'uri') }),
        graph('Slowest', 's', { '{{uri}}': `max by (uri) (http_server_requests_seconds_max{${of}})` }),
        graph(
          'Outcomes',
          'reqps',
          { '{{outcome}}': rate('http_server_requests_seconds_count', 'outcome') },
          { stacked: true },
        ),
        graph('Exceptions', 'reqps', { '{{exception}}': rate('http_server_requests_seconds_count', 'exception') }),
        graph('Lines in the log', 'ops', { '{{level}}': rate('logback_events_total', 'level') }, { stacked: true }),
      ],
    },
    {
      title: 'CPU and files',
      panels: [
        graph('CPU', 'percentunit', {
          '{{instance}} process': `process_cpu_usage{${of}}`,
          '{{instance}} system': `system_cpu_usage{${of}}`,
        }),
        graph('Files', 'short', {
          '{{instance}} open': `process_files_open_files{${of}}`,
          '{{instance}} limit': `process_files_max_files{${of}}`,
        }),
        graph('Threads', 'short', {
          '{{instance}} live': `jvm_threads_live_threads{${of}}`,
          '{{instance}} daemon': `jvm_threads_daemon_threads{${of}}`,
          '{{instance}} peak': `jvm_threads_peak_threads{${of}}`,
        }),
      ],
    },
    {
      title: 'Memory',
      panels: [
        graph('Heap', 'bytes', {
          '{{id}} used': `sum by (id) (jvm_memory_used_bytes{${of}, area="heap"})`,
          '{{id}} committed': `sum by (id) (jvm_memory_committed_bytes{${of}, area="heap"})`,
        }),
        graph('Outside the heap', 'bytes', {
          '{{id}} used': `sum by (id) (jvm_memory_used_bytes{${of}, area="nonheap"})`,
          '{{id}} buffers': `sum by (id) (jvm_buffer_memory_used_bytes{${of}})`,
        }),
        graph('Time in garbage collection', 's', {
          '{{action}} {{cause}}': rate('jvm_gc_pause_seconds_sum', 'action, cause'),
        }),
        graph('Longest pause', 's', {
          '{{action}} {{cause}}': `max by (action, cause) (jvm_gc_pause_seconds_max{${of}})`,
        }),
        graph('Allocated and promoted', 'Bps', {
          '{{instance}} allocated': rate('jvm_gc_memory_allocated_bytes_total', 'instance'),
          '{{instance}} promoted': rate('jvm_gc_memory_promoted_bytes_total', 'instance'),
        }),
        graph('Heap after collection', 'bytes', {
          '{{instance}} live': `jvm_gc_live_data_size_bytes{${of}}`,
          '{{instance}} limit': `jvm_gc_max_data_size_bytes{${of}}`,
        }),
      ],
    },
    {
      title: 'Kafka',
      panels: [
        graph('Listener', 'ops', {
          '{{name}} {{result}}': rate('spring_kafka_listener_seconds_count', 'name, result'),
        }),
        graph('Listener, mean', 's', {
          '{{name}} {{exception}}': mean('spring_kafka_listener_seconds', 'name, exception'),
        }),
        graph('Template, mean', 's', {
          '{{name}} {{exception}}': mean('spring_kafka_template_seconds', 'name, exception'),
        }),
      ],
    },
  ],
};
