import { reportTable } from './report-table';

it('tells what differs, and what a person can do where no message helps', () => {
  const nothingDone = { compared: 2, caughtUp: 0, inFlight: [] };
  const table = reportTable({
    comparisons: [
      {
        ...nothingDone,
        link: 'fulfillment requests',
        owner: 'orders',
        replica: 'fulfillment',
        drift: [
          { link: 'fulfillment requests', id: 'a', difference: 'missing', owner: { id: 'a', version: 1, hash: 'h' } },
          { link: 'fulfillment requests', id: 'b', difference: 'extra', advice: 'restore the order' },
        ],
      },
    ],
  });
  expect(table.split('\n').slice(2)).toEqual([
    'fulfillment requests a: missing, the owner has version 1, the copy nothing',
    'fulfillment requests b: extra, the owner has nothing, the copy nothing; restore the order',
  ]);
});
