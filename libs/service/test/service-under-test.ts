import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  Injectable,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  Query,
} from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { readEnvironment, serviceEnvironment, startService, storeModule } from '../src';

const logger = new Logger('Seen');

@Controller()
class SlowController {
  @Get('slow')
  async slow(@Query('ms') ms: string): Promise<string> {
    logger.log('request begun');
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
    logger.log('request finished');
    return 'done';
  }

  @Get('unhandled')
  unhandled(): string {
    void Promise.reject(new Error('nobody catches this'));
    return 'done';
  }
}

/** Stands in for the Kafka strategy. */
class Consumers extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    logger.log('consumers started');
    callback();
  }

  close(): void {
    logger.log('consumers stopped');
  }

  on(): void {}

  unwrap(): never {
    throw new Error('There is nothing inside.');
  }
}

/** Stands in for the publisher, which needs the store until the end. */
@Injectable()
class Publisher implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown {
  private store = 'there';

  constructor(@InjectConnection() connection: Connection) {
    connection.on('close', () => {
      this.store = 'gone';
      logger.log('store closed');
    });
  }

  onModuleDestroy(): void {
    logger.log('onModuleDestroy');
  }

  beforeApplicationShutdown(): void {
    logger.log('beforeApplicationShutdown');
  }

  async onApplicationShutdown(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    logger.log(`publisher drained, store is ${this.store}`);
  }
}

@Module({ providers: [Publisher, Consumers], exports: [Publisher, Consumers] })
class MessagingModule {
  static forRoot() {
    return { module: MessagingModule, global: true };
  }
}

const environment = readEnvironment(z.object(serviceEnvironment(0)));

@Module({
  imports: [storeModule(environment, 'test'), MessagingModule.forRoot()],
  controllers: [SlowController],
})
class TestModule {}

const testApi = { title: 'Test API', description: 'For tests.', resources: [] };

void startService(TestModule, { name: 'test', api: testApi, environment, strategy: Consumers });
