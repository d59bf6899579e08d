import { Storefront } from '../system/storefront';
import { surprises } from './expectations';
import { onPurpose, onPurposeInActuator } from './on-purpose';
import { isOfActuator, isOfSampleRun, type Recording, type RecordedService, recordingsOf } from './recording';
import { Replay } from './replay';

/** Accounts last: its recordings make customers, whom the other two did not have yet when they were recorded. */
const services: readonly RecordedService[] = ['fulfillment', 'orders', 'accounts'];

const recordings = services.flatMap((service) => recordingsOf(service).map((recording) => ({ service, recording })));
const sampleRun = recordings
  .filter(({ recording }) => isOfSampleRun(recording))
  .sort((a, b) => (a.recording.name < b.recording.name ? -1 : 1));
const others = recordings.filter(({ recording }) => !isOfSampleRun(recording));

let storefront: Storefront;
const observed = new Map<string, readonly string[]>();
const observedInActuator = new Map<string, readonly string[]>();

// Every request that was recorded at the original services, sent to ours.
beforeAll(async () => {
  storefront = await Storefront.start();
  const [accounts, orders, fulfillment] = [
    storefront.url('accounts'),
    storefront.url('orders'),
    storefront.url('fulfillment'),
  ];
  const { MANAGEMENT_USERNAME: user, MANAGEMENT_PASSWORD: password } = storefront.operations;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const replay = new Replay({ accounts, orders, fulfillment }, authorization);
  const send = async (service: RecordedService, recording: Recording) => {
    const of = isOfActuator(recording) ? observedInActuator : observed;
    of.set(`${service}/${recording.name}`, await replay.differences(service, recording));
  };
  for (const { service, recording } of sampleRun) {
    await send(service, recording);
    await storefront.settled();
  }
  for (const { service, recording } of others) await send(service, recording);
});

afterAll(() => storefront?.stop());

it('is answered as it was recorded, but for what is different on purpose', () => {
  expect(observed.size + observedInActuator.size).toBe(220);
  expect(surprises(observed, onPurpose)).toEqual([]);
});

it('is answered by the management endpoints as it was recorded, but for what is different on purpose', () => {
  expect(surprises(observedInActuator, onPurposeInActuator)).toEqual([]);
});
