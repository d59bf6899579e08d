// Real brokers start, elect and rebalance: seconds, not milliseconds.
jest.setTimeout(240_000);
