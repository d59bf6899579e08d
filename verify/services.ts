/** The services that a place has; the gateway app is Compose's and the laptop's. */
export const services = ['accounts', 'orders', 'fulfillment'] as const;
export type Service = (typeof services)[number];
