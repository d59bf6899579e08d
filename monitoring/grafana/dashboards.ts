import { dashboard } from './board';
import { messaging } from './messaging';
import { overview } from './overview';
import { service } from './service';
import { springBoot } from './spring-boot';

/** Every dashboard, to be imported into Grafana as it is. */
export const dashboards = [overview, messaging, service, springBoot].map(dashboard);
