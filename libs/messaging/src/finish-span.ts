import { type Span, SpanStatusCode } from '@opentelemetry/api';

/** Ends the span when the work has ended, however. */
export async function finish<T>(span: Span, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
    span.setAttribute('error.type', name).setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}
