/** A majority's journal has it: what was answered 2xx survives the loss of the primary. */
export const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;
