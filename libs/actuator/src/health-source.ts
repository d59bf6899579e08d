export type HealthStatus = 'UP' | 'OUT_OF_SERVICE' | 'DOWN';

export interface HealthComponent {
  status: HealthStatus;
  details?: object;
}

type Check = () => HealthComponent | Promise<HealthComponent>;

/** What a service's health is made of. Structural: whoever knows the parts need not know this library. A part left out does not count. */
export interface HealthSource {
  /** The store; without it nothing can be read or written, so readiness goes too. */
  store?: Check;
  kafka?: Check;
  consumer?: Check;
  outbox?: Check;
  /** True when only a restart of the process can help the consumer: liveness goes. */
  consumerIsBroken?: () => boolean;
}
