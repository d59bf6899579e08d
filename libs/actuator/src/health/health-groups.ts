import { type Showing, showing } from '../access/management-environment';

/** Parts of health that are asked for together, as `management.endpoint.health.group.{name}` of Spring Boot tells them. */
export interface HealthGroup {
  /** Names of parts; `*` is all of them, and so is none. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Who sees the details and the parts, where that is another one than for health as a whole. */
  readonly showDetails?: Showing;
  readonly showComponents?: Showing;
}

export const HEALTH_GROUPS = Symbol('HEALTH_GROUPS');
export type HealthGroups = ReadonlyMap<string, HealthGroup>;

const setting =
  /^management[._]endpoint[._]health[._]group[._](.+)[._](include|exclude|show[._-]?details|show[._-]?components)$/i;

/** The groups that `MANAGEMENT_ENDPOINT_HEALTH_GROUP_{NAME}_INCLUDE`, `_EXCLUDE`, `_SHOW_DETAILS` and `_SHOW_COMPONENTS` make; throws for who may see it otherwise than Spring knows. */
export function healthGroups(variables: Readonly<Record<string, string | undefined>>): HealthGroups {
  const groups = new Map<string, HealthGroup>();
  for (const [variable, value] of Object.entries(variables)) {
    const [, given = '', key = ''] = setting.exec(variable) ?? [];
    if (given === '' || !value) continue;
    // in capitals it is the name of a variable, not of a group
    const name = given === given.toUpperCase() ? given.toLowerCase() : given;
    const before = groups.get(name) ?? { include: [], exclude: [] };
    groups.set(name, { ...before, ...told(key.toLowerCase().replace(/[._-]/g, ''), value, variable) });
  }
  return groups;
}

function told(key: string, value: string, variable: string): Partial<HealthGroup> {
  if (key === 'include' || key === 'exclude') {
    const names = value.split(',').map((name) => name.trim());
    return { [key]: names.filter((name) => name !== '') };
  }
  const { data, error } = showing.safeParse(value);
  if (error) throw new Error(`${variable} is '${value}': ${error.issues[0]?.message}`);
  return key === 'showdetails' ? { showDetails: data } : { showComponents: data };
}
