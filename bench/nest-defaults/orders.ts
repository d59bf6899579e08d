import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { InjectModel, MongooseModule } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { Customer, CustomerSchema, topic } from './customer.schema';
import { kafkaOptions } from './kafka-options';

// Orders' copy of the customers as Nest's documentation teaches it: one message at a time.

@Controller()
class CustomerChangedController {
  constructor(@InjectModel(Customer.name) private readonly customers: Model<Customer>) {}

  @EventPattern(topic)
  async apply(@Payload() { id, ...details }: Customer & { id: string }): Promise<void> {
    await this.customers.findByIdAndUpdate(id, details, { upsert: true });
  }
}

@Module({
  imports: [
    MongooseModule.forRoot(process.env['MONGODB_URI'] ?? ''),
    MongooseModule.forFeature([{ name: Customer.name, schema: CustomerSchema }]),
  ],
  controllers: [CustomerChangedController],
})
class OrdersModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createMicroservice(OrdersModule, kafkaOptions('nest-orders'));
  await app.listen();
  process.send?.('ready');
}

void main();
