// Real brokers start, elect and rebalance: seconds, not milliseconds.
jest.setTimeout(60_000);
