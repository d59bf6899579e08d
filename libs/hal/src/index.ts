export type { ApiDescription, DescribedResource } from './api/api-description';
export { describeApi } from './api/describe-api';
export { Changes, isCrossSite } from './cross-site';
export { clientOf } from './client-address';
export { acceptedType, acceptsProblemDetails } from './accepted-type';
export { consistencyToken } from './consistency-token';
export type { Precondition } from '@storefront/wire';
export { IfMatches, isCurrent, tagOfAll } from './conditional-request';
export { type Failure, type FailureKind, failureOf } from './failure';
export { answerFailure, answerProblemDetails, failedWith, FailureFilter, ProblemDetailsFilter } from './failure-filter';
export { HalController } from './hal-controller';
export { HalModule, type HalOptions } from './hal.module';
export { IdempotencyKey, keyedRequest, type KeyedRequest } from './idempotency-key';
export { type FieldError, InvalidRequest, MalformedHeader } from './invalid-request';
export { jsonPatch } from './json-patch';
export { mergePatch, replacingPatch } from './merge-patch';
export { OnlyIf } from './only-if';
export { pageRequest, type PageRequest, type Sort } from './page-request';
export { type Patch, PatchBody } from './patch-body';
export { answerLimits, type AnswerLimits } from './answer-limits';
export { limitAtOnce } from './at-once';
export { prettyJson } from './pretty-json';
export { profileController } from './profile-controller';
export { Produces } from './produces';
export {
  changed,
  created,
  halItem,
  HalItem,
  halItems,
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
export type { Operation, ResourceProfile } from './resource-profile';
export { ReadsReplicas, replicaVersions, type ReplicaVersions } from './reads-replicas';
export { authorityOf, calledAs, isHost } from './called-as';
export { calledHost, requestBase, requestUrl } from './request-base';
export { originHeaders } from './hal-responses';
export { type Bodies, type Conventions, restConventions } from './rest-conventions';
export { VersionWaits } from './version-waits';
export { invalidRequest, schemaPipe, validationPipe } from './schema-pipe';
export { summary } from './summary';
export { WholeCollection } from './whole-collection';
export { answerUnread, type UnreadError } from './unread-requests';
