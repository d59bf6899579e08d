export type ServiceName = 'accounts' | 'orders' | 'fulfillment';
