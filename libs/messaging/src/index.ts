export { AggregateStore, type AggregateStoreOptions } from './aggregate-store';
export { type Decision, nextVersion } from './aggregate-write';
export {
  documentId,
  idOf,
  live,
  nativeCollection,
  storedFrom,
  type AggregateDocument,
  type NativeCollection,
  type State,
  type Stored,
} from './document';
export { documentGroups, type SizedDocument, sizedDocuments } from './document-groups';
export {
  AggregateExists,
  AggregateNotFound,
  EventNotOfTopic,
  EventTooLarge,
  FieldNotStorable,
  KeyReused,
  OutboxFull,
  StoreUnavailable,
  TooManyKeys,
  VersionConflict,
  VersionMismatch,
} from './failures';
export { type IncomingEvent, type Outcome, type RecordOrigin, TooEarly, Unappliable } from './incoming-event';
export { EventController } from './consumer/event-controller';
export { EventGate, type GateMove } from './consumer/event-gate';
export { KafkaConsumer } from './consumer/kafka-consumer';
export { hexIdOf, type KeyedRequest, type Recollection, uuidOf } from './keyed-writes';
export { kafkaClient } from './kafka/kafka-client';
export { checkKafkaEnvironment, kafkaSettings } from './kafka/environment-settings';
export { kafkaEnvironment, type KafkaEnvironment } from './kafka/kafka-environment';
export type { KafkaSettings } from './kafka/kafka-settings';
export { LiveCount } from './live-count';
export { MessagingHealth, type ComponentHealth } from './messaging-health';
export { MessagingTasks } from './messaging-tasks';
export { MessagingModule, type MessagingOptions } from './messaging.module';
export { isDuplicateKey, isStoreTrouble } from './mongo-errors';
export { DURABLE } from './durable';
export type { NewEvent, OutboxEntry } from './outbox-entry';
export { ParkedEvents } from './parked/parked-events';
export { parkingEnvironment, type ParkingLimits, parkingLimits } from './parked/parking-limits';
export type { PastEvent } from './past-events';
export { Publisher } from './publisher/publisher';
export { type ReplicaChange, ReplicaStore } from './replica-store';
export type { Digest, DigestContent } from './repair/digest';
export type { Timer, TimerFactory, TimerOptions } from './timer';
export type { EventTypeOf, EventSchema, EventSchemaError, Topic } from './topic';
