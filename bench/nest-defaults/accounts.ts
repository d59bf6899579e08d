import type { Server } from 'node:http';
import { Body, Controller, Get, Inject, Module, NotFoundException, Param, Patch, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientKafka, ClientsModule } from '@nestjs/microservices';
import { InjectModel, MongooseModule } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { KEEP_ALIVE_MS } from '../rig/keep-alive';
import { Customer, type CustomerDocument, CustomerSchema, topic } from './customer.schema';
import { kafkaOptions } from './kafka-options';

// Accounts as Nest's documentation teaches it: Express, mongoose documents, one event a write.

@Controller('customers')
class CustomersController {
  constructor(
    @InjectModel(Customer.name) private readonly customers: Model<Customer>,
    @Inject('KAFKA') private readonly kafka: ClientKafka,
  ) {}

  @Post()
  async create(@Body() body: Customer): Promise<CustomerDocument> {
    const customer = await this.customers.create(body);
    this.tell(customer);
    return customer;
  }

  @Patch(':id')
  async change(@Param('id') id: string, @Body() body: Partial<Customer>): Promise<CustomerDocument> {
    const customer = await this.one(id);
    await customer.set(body).save();
    this.tell(customer);
    return customer;
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<CustomerDocument> {
    const customer = await this.customers.findById(id);
    if (!customer) throw new NotFoundException();
    return customer;
  }

  @Get()
  async page(@Query('page') page: string, @Query('size') size: string): Promise<object> {
    const found = this.customers
      .find()
      .sort({ _id: 1 })
      .skip(Number(page) * Number(size))
      .limit(Number(size));
    const [items, total] = await Promise.all([found, this.customers.countDocuments()]);
    return { items, total };
  }

  private tell({ id, name, contact, addresses }: CustomerDocument): void {
    this.kafka.emit(topic, { key: id, value: { id: id, name, contact, addresses } });
  }
}

@Module({
  imports: [
    MongooseModule.forRoot(process.env['MONGODB_URI'] ?? ''),
    MongooseModule.forFeature([{ name: Customer.name, schema: CustomerSchema }]),
    ClientsModule.register([{ name: 'KAFKA', ...kafkaOptions('nest-accounts') }]),
  ],
  controllers: [CustomersController],
})
class AccountsModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AccountsModule);
  await app.get<ClientKafka>('KAFKA').connect();
  const server = app.getHttpServer() as Server;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
  process.send?.('ready');
}

void main();
