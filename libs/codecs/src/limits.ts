const MIB = 1024 * 1024;

/** Bytes that a compressed batch may inflate to: what is larger is withheld as a whole, before memory is taken for it. */
export const MAX_INFLATED_BYTES = 16 * MIB;

/** Bytes inflated in one response after which no further batch of it is opened: it comes again with the next fetch. */
export const ENOUGH_INFLATED_BYTES = 8 * MIB;

/** Inflated bytes of batches that are remembered until the next fetch, all partitions together: the largest batch fits. */
export const MAX_REMEMBERED_BYTES = MAX_INFLATED_BYTES;

/** For how long a batch is remembered that no fetch asks for, in ms. */
export const REMEMBERED_FOR_MS = 60_000;

/** Memory, in bytes, that the records of one response may take: what is behind them comes again with the next fetch. */
export const MAX_RECORDS_BYTES = 16 * MIB;

/** Records of one partition that one response yields: what is behind them comes again with the next fetch. */
export const MAX_PARTITION_RECORDS = 2_000;

/** Bytes of a record: a lane of parked events holds 4 MiB, bookkeeping included. */
export const MAX_RECORD_BYTES = 4 * MIB - 1024;

/** Bytes of the key that is kept of a record that is withheld; ids have at most 256 characters. */
export const MAX_KEY_BYTES = 1024;

/** Headers of a record. Each costs CPU time to decode and memory beside its bytes; producers that trace and version send about 20. */
export const MAX_HEADERS = 100;
export const MAX_HEADER_NAME_BYTES = 1024;

/** Bytes of a response of a broker that are buffered; of a larger one only the beginning is looked at. */
export const MAX_RESPONSE_BYTES = 32 * MIB;

/** CPU time of decoding one response, in ms, after which no further batch of it is opened: it comes again with the next fetch. */
export const ENOUGH_DECODE_MS = 300;

/** CPU time of decoding one batch, in ms, after which it is withheld when it comes again from the same offset. */
export const MAX_DECODE_MS = 1_000;

/** What a record and each of its headers take in memory beside their bytes, in bytes; measured, rounded up. */
export const RECORD_OVERHEAD_BYTES = 512;
export const HEADER_OVERHEAD_BYTES = 256;
