import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Connection } from 'mongoose';
import { connect, eventually, settings } from '../testing/harness';
import { Kafka, message, versionsOf } from '../testing/kafka';
import { type Note, noteTopic, written } from '../testing/note';
import { AggregateStore } from './aggregate-store';
import { EventController } from './consumer/event-controller';
import { KafkaConsumer } from './consumer/kafka-consumer';
import { StoreUnavailable } from './failures';
import type { IncomingEvent, Outcome } from './incoming-event';
import { MessagingModule } from './messaging.module';
import { ParkedEvents } from './parked/parked-events';
import { Publisher } from './publisher/publisher';
import { listenToSteps } from './steps';

const [owned, consumed] = [noteTopic(), noteTopic('creation', 1)];

@EventController()
class Notes {
  static readonly received: string[] = [];
  static failures: Error[] = [];

  @EventPattern<Record<string, IncomingEvent<Note>[]>>(consumed.name)
  async apply(@Payload() events: IncomingEvent<Note>[]): Promise<Outcome[]> {
    const failure = Notes.failures.shift();
    if (failure) throw failure;
    Notes.received.push(...events.map(({ id }) => id));
    return events.map(() => 'applied');
  }
}

@Module({})
class NotesModule {
  static at(uri: string): DynamicModule {
    const messaging = { service: owned.name, kafka: settings(), owns: [owned], consumes: [consumed] };
    return {
      module: NotesModule,
      imports: [MongooseModule.forRoot(uri), MessagingModule.forRoot(messaging)],
      controllers: [Notes],
    };
  }
}

describe('a service with messaging', () => {
  let kafka: Kafka;
  let connection: Connection;
  let app: INestApplication;
  let closed = false;

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
    await kafka.create(consumed);
    const uri = `${process.env.MONGODB_URI}/${connection.name}`;
    app = await NestFactory.create(NotesModule.at(uri), new FastifyAdapter(), { logger: ['error'] });
    app.connectMicroservice({ strategy: app.get(KafkaConsumer) });
    await app.init();
    await app.startAllMicroservices();
  });

  afterAll(async () => {
    if (!closed) await app.close();
    await connection.close();
    await kafka.close();
  });

  it('hands batches to its controllers, and knows trouble with the store from a fault of theirs', async () => {
    Notes.failures = [new StoreUnavailable(), new StoreUnavailable()];
    await kafka.send(consumed, message('a', 1));
    await eventually(
      () => Notes.received.length,
      (count) => count === 1,
    );
    Notes.failures = [1, 2, 3].map((attempt) => new RangeError(`attempt ${attempt}`));
    await kafka.send(consumed, message('b', 1));
    const lane = await eventually(
      () => app.get(ParkedEvents).find(`${consumed.name}|b`),
      (found) => found !== null,
    );
    expect(lane?.reason).toBe('the handler failed: RangeError: attempt 3');
    expect(await app.get(ParkedEvents).find(`${consumed.name}|a`)).toBeNull();
    await eventually(
      () => Notes.received.length,
      (count) => count === 2,
    );
    expect(Notes.received).toEqual(['a', 'b']);
  });

  it('publishes and clears before it ends what it has just written', async () => {
    const collection = app.get<Connection>(getConnectionToken()).collection('notes');
    const store = new AggregateStore<Note, string>(collection, app.get(Publisher), { topic: owned });
    // Kafka is slower than everything that ends before
    listenToSteps((step) => (step === 'batch-acknowledged' ? sleep(1_500) : undefined));
    const ids = Array.from({ length: 50 }, (_, index) => `n${index}`);
    await store.insertMany(ids.map((id) => ({ id, decision: written(id, '1') })));
    const begin = performance.now();
    await app.close();
    closed = true;
    listenToSteps(undefined);
    // what a service promises of its end
    expect(performance.now() - begin).toBeLessThan(15_000);
    const left = connection.collection('notes').countDocuments({ outboxSince: { $exists: true } });
    expect([await left, await connection.collection('notes').countDocuments()]).toEqual([0, 50]);
    expect(await versionsOf(owned, 'n49')).toEqual([1]);
  });
});
