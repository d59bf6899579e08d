import { type Board, graph, stat } from './board';

/** Is it well, and does what one service says reach the others? */
export const overview: Board = {
  uid: 'storefront-overview',
  title: 'Storefront: overview',
  description: 'Whether the services are well, and whether what one says reaches the others in time.',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Instances up', 'short', { up: 'sum(up{job=~"accounts|orders|fulfillment|gateway"})' }),
        stat('Requests', 'reqps', { requests: 'sum(job:http_server_requests:rate5m{job="gateway"})' }),
        stat('5xx', 'percentunit', { errors: 'max(job:http_server_requests_errors:ratio_rate5m)' }),
        stat('Events on their way', 'short', { events: 'sum(outbox_pending_documents) + sum(outbox_pending_events)' }),
        stat('Oldest unpublished', 's', { age: 'max(outbox_oldest_seconds)' }),
        stat('Records not consumed', 'short', { lag: 'sum(job_topic:consumer_lag_records:sum)' }),
        stat('Parked lanes', 'short', { lanes: 'sum(max by (job, topic) (parked_lanes))' }),
        stat('Alerts', 'short', {
          alerts: 'count(ALERTS{alertstate="firing", alertname=~"Storefront.*"}) or vector(0)',
        }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        graph('Requests', 'reqps', { '{{job}}': 'job:http_server_requests:rate5m' }),
        graph('Share of 5xx', 'percentunit', { '{{job}}': 'job:http_server_requests_errors:ratio_rate5m' }),
        graph('99 of 100 answered within', 's', { '{{job}}': 'job:http_server_requests_seconds:p99_5m' }),
      ],
    },
    {
      title: 'From one service to the others',
      panels: [
        graph('95 of 100 changes arrive within', 's', {
          '{{job}} {{topic}}': 'job_topic:consumer_delay_seconds:p95_5m',
        }),
        graph('Events published', 'ops', {
          '{{job}}': 'sum by (job) (rate(outbox_published_total[$__rate_interval]))',
        }),
        graph('Events consumed', 'ops', {
          '{{job}} {{topic}} {{outcome}}':
            'sum by (job, topic, outcome) (rate(consumer_events_total[$__rate_interval]))',
        }),
      ],
    },
    {
      title: 'What the shop does',
      panels: [
        graph('Orders by status', 'short', { '{{status}}': 'max by (status) (orders_by_status)' }, { stacked: true }),
        graph('Writes', 'reqps', {
          '{{job}} {{method}} {{uri}}':
            'sum by (job, method, uri) (rate(http_server_requests_seconds_count{job=~"accounts|orders|fulfillment", method!~"GET|HEAD|OPTIONS"}[$__rate_interval]))',
        }),
        graph('Parts that are not UP', 'short', {
          '{{job}} {{component}}': '1 - min by (job, component) (health_component_up)',
        }),
      ],
    },
  ],
};
