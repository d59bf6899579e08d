export { boundFetches } from './bound-fetches';
export type { FetchedRecord, RecordHeader, WithheldRecord } from './fetched-record';
export { stopIdleTimers } from './idle-timers';
