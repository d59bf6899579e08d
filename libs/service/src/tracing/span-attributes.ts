import type { AttributeValue } from '@opentelemetry/api';
import type * as conventions from '@opentelemetry/semantic-conventions/incubating';

/**
 * Attributes of a span under the names of OpenTelemetry's semantic conventions; another name does not compile. Only the
 * types are taken from their package: its constants would cost every process 8 MB.
 */
export type SpanAttributes = {
  [name in Extract<(typeof conventions)[keyof typeof conventions], string>]?: AttributeValue;
};
