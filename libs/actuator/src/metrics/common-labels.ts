import type { ManagementEnvironment } from '../access/management-environment';

/** The labels that every series has: Spring Boot's common tags, of which dashboards know one. */
export function commonLabels({
  MANAGEMENT_METRICS_TAGS_APPLICATION: application,
}: ManagementEnvironment): Record<string, string> {
  return application === undefined ? {} : { application };
}
