import { dashboard } from './board';
import { kafka } from './kafka';
import { messaging } from './messaging';
import { mongodb } from './mongodb';
import { overview } from './overview';
import { service } from './service';
import { springBoot } from './spring-boot';

/** Of what the services themselves tell. */
export const serviceDashboards = [overview, messaging, service, springBoot].map(dashboard);

/** Of what exporters beside Kafka and MongoDB tell, in a cluster. */
export const exporterDashboards = [kafka, mongodb].map(dashboard);

/** Every dashboard, to be imported into Grafana as it is. */
export const dashboards = [...serviceDashboards, ...exporterDashboards];
