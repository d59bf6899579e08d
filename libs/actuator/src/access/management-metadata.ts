/** Key of the metadata that holds an endpoint's id. */
export const MANAGEMENT_ENDPOINT = 'storefront:management-endpoint';
