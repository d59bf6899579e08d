export { acceptedType, acceptsProblemDetails } from './accepted-type';
export { consistencyToken } from './consistency-token';
export { expectedVersion, IfMatch, isCurrent } from './conditional-request';
export { type Failure, type FailureKind, failureOf } from './failure';
export { answerFailure, answerProblemDetails, FailureFilter, ProblemDetailsFilter } from './failure-filter';
export { HalController } from './hal-controller';
export { HalModule, type HalOptions } from './hal.module';
export { IdempotencyKey, keyedRequest, type KeyedRequest } from './idempotency-key';
export { type FieldError, InvalidRequest, MalformedHeader } from './invalid-request';
export { mergePatch } from './merge-patch';
export { OnlyWithSampleData, sampleDataEnabled } from './only-with-sample-data';
export { pageRequest, type PageRequest, type Sort } from './page-request';
export { prettyJson } from './pretty-json';
export {
  changed,
  created,
  halItem,
  HalItem,
  halLinks,
  HalLinks,
  halPage,
  HalPage,
  type ItemDescription,
  type Links,
  type PageDescription,
  removed,
  replaced,
  Written,
} from './representation';
export { ReadsReplicas, replicaVersions, type ReplicaVersions } from './reads-replicas';
export { requestBase, requestUrl } from './request-base';
export { type Bodies, restConventions } from './rest-conventions';
export { VersionWaits } from './version-waits';
export { schemaPipe, validationPipe } from './schema-pipe';
export { summary } from './summary';
