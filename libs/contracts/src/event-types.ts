/** What happened, as the header `ce_type` says it. */
export const eventTypes = {
  customerChanged: 'storefront.customer.changed',
  customerDeleted: 'storefront.customer.deleted',
  fulfillmentRequested: 'storefront.order.fulfillment-requested',
  orderStatusChanged: 'storefront.order.status-changed',
} as const;
