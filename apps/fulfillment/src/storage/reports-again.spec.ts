import { aRequest } from '../../test/a-request';
import { Fulfillment } from '../domain/fulfillment';
import { toDocument } from './fulfillment-document';
import { reportsAgain } from './mongo-fulfillments';

const moved = Fulfillment.accept(aRequest('o'))
  .process({ at: 1, note: null })
  .hold({ at: 2, note: 'waiting' })
  .process({ at: 3, note: null });

function again(fulfillment: Fulfillment, newest: number) {
  const stored = { id: 'o', version: newest, state: toDocument(fulfillment), deleted: false };
  return reportsAgain(stored, newest).map(({ version, previousVersion, value, occurredAt }) => [
    version,
    previousVersion,
    JSON.stringify(value),
    occurredAt,
  ]);
}

const reports = [
  '{"guid":"o","orderStatusEvent":{"timestamp":1,"orderStatusType":"PROCESSING","note":null}}',
  '{"guid":"o","orderStatusEvent":{"timestamp":2,"orderStatusType":"ON_HOLD","note":"waiting"}}',
  '{"guid":"o","orderStatusEvent":{"timestamp":3,"orderStatusType":"PROCESSING","note":null}}',
];

it('are every status that was reached here, with the versions and predecessors they had', () => {
  expect(again(moved, 4)).toEqual([
    [2, 0, reports[0], '1970-01-01T00:00:00.001Z'],
    [3, 2, reports[1], '1970-01-01T00:00:00.002Z'],
    [4, 3, reports[2], '1970-01-01T00:00:00.003Z'],
  ]);
});

it('end with the newest version where the document was written without a report', () => {
  expect(again(moved, 7).map(([version, previous]) => [version, previous])).toEqual([
    [5, 0],
    [6, 5],
    [7, 6],
  ]);
});

it('are none where nothing was reached, and where there are more statuses than versions', () => {
  expect(again(Fulfillment.accept(aRequest('o')), 1)).toEqual([]);
  expect(again(moved, 2)).toEqual([]);
});
