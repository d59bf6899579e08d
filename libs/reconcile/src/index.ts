export { type Comparison, defaultPatience, type Finding, type Patience, type Unsettled } from './comparison';
export { type Link, links, type ServiceName } from './links';
export { isClean, reconcile, type ReconcileOptions, type Report } from './reconcile';
export { done } from './repair';
export { reportTable } from './report-table';
export { type Access, type Entry, type Job, ServiceClient, ServiceRefused } from './service-client';
export { TopicTail } from './topic-tail';
