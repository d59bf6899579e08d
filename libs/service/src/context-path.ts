import type { IncomingMessage } from 'node:http';

/**
 * Takes the context path off a request, as a servlet container does, and tells it to the links as `X-Forwarded-Prefix`: unless
 * a proxy has told one, which then stands for the whole path that its clients see (Spring's ForwardedHeaderFilter).
 */
export function withoutContextPath(request: IncomingMessage, contextPath: string): string {
  const { url = '/', headers } = request;
  const rest = url.slice(contextPath.length);
  if (!url.startsWith(contextPath) || !/^([/?]|$)/.test(rest)) return url;
  if (contextPath !== '') headers['x-forwarded-prefix'] ??= contextPath;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
