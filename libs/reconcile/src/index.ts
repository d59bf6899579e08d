export { type Comparison, defaultPatience, type Finding, type Patience, type Unsettled } from './comparison';
export { type Link, links, linksOn, type ServiceName } from './links';
export { isClean, reconcile, type ReconcileOptions, type Report } from './reconcile';
export { done } from './repair';
export { reportTable } from './report-table';
export { AlreadyReconciling } from './lease';
export { type Access, type Entry, type Job, type LeaseState, type Overview, ServiceClient } from './service-client';
export { OriginalService, ServiceRefused, ServiceUnreachable } from './service-failures';
export { TopicTail } from './topic-tail';
