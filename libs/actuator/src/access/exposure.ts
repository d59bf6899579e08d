import { isToldEnabled, type ManagementEnvironment, type Showing } from './management-environment';

const offByDefault: readonly string[] = ['heapdump', 'shutdown'];
/** Endpoints that answer without the management credential. */
const open: readonly string[] = ['health', 'info', 'prometheus'];

/** Which endpoints there are, and who sees what in them: Spring Boot's rules of exposure, with a credential before all that is not for everybody. */
export class Exposure {
  private readonly included: readonly string[];
  private readonly excluded: readonly string[];

  constructor(readonly environment: ManagementEnvironment) {
    this.included = ids(environment.MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE);
    this.excluded = ids(environment.MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE);
  }

  /** Whether anybody can reach the endpoint: exposed, enabled, and open or with a credential to open it. */
  has(id: string): boolean {
    return this.isExposed(id) && this.isEnabled(id) && (this.isOpen(id) || this.hasCredential);
  }

  isOpen(id: string): boolean {
    return open.includes(id);
  }

  get hasCredential(): boolean {
    return Boolean(this.environment.MANAGEMENT_USERNAME && this.environment.MANAGEMENT_PASSWORD);
  }

  get hasProbePaths(): boolean {
    return this.has('health') && this.environment.MANAGEMENT_ENDPOINT_HEALTH_PROBES_ADD_ADDITIONAL_PATHS === 'true';
  }

  /** Whether a client, known by the credential or not, is shown what `showing` is about. */
  shows(showing: Showing, isAuthorized: boolean): boolean {
    return showing === 'always' || (showing === 'when-authorized' && isAuthorized);
  }

  private isExposed(id: string): boolean {
    const names = (list: readonly string[]): boolean => list.includes('*') || list.includes(id.toLowerCase());
    return names(this.included) && !names(this.excluded);
  }

  private isEnabled(id: string): boolean {
    return isToldEnabled(this.environment, id) ?? !offByDefault.includes(id);
  }
}

function ids(list: string): string[] {
  return list
    .split(',')
    .map((id) => id.trim().toLowerCase())
    .filter((id) => id !== '');
}
