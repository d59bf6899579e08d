import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import { mongo } from 'mongoose';
import { randomUUID } from 'node:crypto';
import { type Figures, spreads } from '../arithmetic/spread';
import { memoryMb, watchCpu } from '../rig/cpu';
import { metricsOf } from '../rig/metrics';
import type { Contender, Rig } from '../rig/rig';
import { Topics } from '../../test/system/topics';
import { newCustomer } from './customers';
import { type Bench, type Measure, type Result, scaled } from './measure';

const EVENTS = 100_000;
/** One at a time, a hundred thousand would take minutes and say the same. */
const EVENTS_OF_YARDSTICKS = 10_000;
const BATCH = 500;
const PARTITIONS = 3;

export const catchUp: Measure = {
  name: 'catch-up',
  about:
    'Orders comes back and works off what was written meanwhile: events a second, its CPU an event, memory, event loop',
  rig: { yardsticks: true },
  async measure(bench) {
    const topics = new Topics(bench.rig.brokers);
    const results: Result[] = [];
    try {
      for (const contender of bench.rig.contenders) {
        const isOurs = contender === bench.rig.storefront;
        const count = scaled(isOurs ? EVENTS : EVENTS_OF_YARDSTICKS, bench);
        const runs: Figures[] = [];
        for (let run = 1; run <= bench.runs; run++) {
          runs.push(await outage({ ...bench, contender, topics, count }));
          bench.say(`  ${run}: ${contender.name}: ${Math.round(runs.at(-1)?.['events/s'] ?? 0)} events/s`);
        }
        results.push({ of: `${contender.name}, ${count.toLocaleString('en')} events`, figures: spreads(runs) });
      }
    } finally {
      await topics.close();
    }
    return results;
  },
};

interface Outage extends Bench {
  readonly rig: Rig;
  readonly contender: Contender;
  readonly topics: Topics;
  readonly count: number;
}

/** What a start costs is not counted: from the first look at the ready process on, which may have applied some already. */
async function outage({ rig, contender, topics, count }: Outage): Promise<Figures> {
  const { replicas, topic } = contender;
  const before = await replicas.estimatedDocumentCount();
  await contender.stopOrders();
  await produce(topics, topic, count);
  await contender.startOrders();
  const pid = contender.pids['orders'] ?? 0;
  const used = watchCpu({ orders: pid, ...rig.enginePids });
  const begin = performance.now();
  const already = (await replicas.estimatedDocumentCount()) - before;
  const isOurs = contender === rig.storefront;
  if (isOurs) await eventLoopP99Ms(rig);
  while ((await replicas.estimatedDocumentCount()) < before + count) await sleep(50);
  const seconds = (performance.now() - begin) / 1_000;
  const events = count - already;
  const cpu = used();
  const perSecondOfCpu = events / ((cpu['orders'] ?? 0) / 1_000);
  return {
    'events/s': events / seconds,
    'events/s of CPU': perSecondOfCpu,
    'orders µs': 1_000_000 / perSecondOfCpu,
    'store µs': ((cpu['store'] ?? 0) * 1_000) / events,
    'peak RSS MB': memoryMb(pid, 'VmHWM'),
    ...(isOurs && { 'event loop p99 ms': await eventLoopP99Ms(rig) }),
  };
}

/** Customers as Accounts would tell them, from the copy's beginning on: nobody has them yet. */
async function produce(topics: Topics, topic: string, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += BATCH) {
    const partition = (sent / BATCH) % PARTITIONS;
    const messages = Array.from({ length: Math.min(BATCH, count - sent) }, () => ({ ...message(), partition }));
    await topics.send(topic, messages);
  }
}

function message(): Message {
  const id = new mongo.ObjectId().toHexString();
  const { creditCards: _, ...details } = JSON.parse(newCustomer().body) as { creditCards: unknown };
  return {
    key: id,
    value: JSON.stringify({ id, ...details }),
    headers: {
      ce_specversion: '1.0',
      ce_id: randomUUID(),
      ce_source: '/accounts',
      ce_type: 'storefront.customer.changed',
      ce_subject: id,
      ce_time: new Date().toISOString(),
      ce_aggregateversion: '1',
      ce_previousversion: '0',
      'content-type': 'application/json',
    },
  };
}

/** Since it was last asked for. */
async function eventLoopP99Ms({ system }: Rig): Promise<number> {
  const seconds = (await metricsOf(system.urls.orders))('nodejs_eventloop_lag_p99_seconds');
  if (seconds === undefined) throw new Error('Orders does not tell the lag of its event loop.');
  return seconds * 1_000;
}
