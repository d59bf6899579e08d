/** Injection token of a boolean: whether SAMPLE_DATA is enabled. */
export const sampleDataEnabled = Symbol('sampleDataEnabled');
