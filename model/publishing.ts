import { step, type Step } from './checker';
import {
  appended,
  changed,
  type Flight,
  type Instance,
  nameOf,
  type Place,
  type PublisherOptions,
  spent,
  type State,
} from './publisher-state';
import { after, highest, listed, lowest, none, only, union, type Versions, without } from './versions';

/** From the publisher's memory to the topic and back. */
export function publishingSteps(state: State, at: Place, options: PublisherOptions): Step<State>[] {
  const { flights } = state.instances[at];
  return [
    ...enqueueSteps(state, at),
    ...sendSteps(state, at, options),
    ...flights.flatMap((_, index) => flightSteps(state, at, index, options)),
    ...forgetSteps(state, at, options),
  ];
}

/** Adds to the memory what is not there yet; below the acknowledged version nothing is missing. */
export function remembered({ memory, acknowledged }: Instance, image: Versions): Partial<Instance> {
  const all = union(memory, after(image, acknowledged));
  return { memory: all, acknowledged: all ? acknowledged : 0 };
}

function enqueueSteps(state: State, at: Place): Step<State>[] {
  const instance = state.instances[at];
  return instance.images.flatMap((image, index): Step<State>[] => {
    const images = instance.images.toSpliced(index, 1);
    const { left } = state;
    const taken = changed(state, at, { images, ...remembered(instance, image) });
    const steps = [step(() => `${nameOf(at)} takes ${listed(image)} into memory`, taken)];
    if (left.forgotten > 0) {
      steps.push(
        step(
          () => `${nameOf(at)} cannot take ${listed(image)} into memory`,
          changed(state, at, { images }, { left: spent(left, 'forgotten') }),
        ),
      );
    }
    return steps;
  });
}

/** Sends everything it has of the aggregate, or where that is too large its oldest entry. */
function sendSteps(state: State, at: Place, { rules }: PublisherOptions): Step<State>[] {
  const { memory, flights } = state.instances[at];
  const inFlight = flights.reduce((all, { entries }) => union(all, entries), none);
  const most = rules.flights === 'one' ? 1 : 2;
  const waiting = without(memory, inFlight);
  if (!waiting || flights.length >= most) return [];
  const oldest = only(lowest(waiting));
  const cargos = oldest === waiting ? [waiting] : [waiting, oldest];
  return cargos.map((entries) =>
    step(
      () => `${nameOf(at)} sends ${listed(entries)}`,
      changed(state, at, { flights: [...flights, { entries, appended: false }] }),
    ),
  );
}

function flightSteps(state: State, at: Place, index: number, options: PublisherOptions): Step<State>[] {
  const flight = state.instances[at].flights[index];
  if (!flight) return [];
  return flight.appended ? answerSteps(state, at, index, flight) : requestSteps(state, at, index, { flight, options });
}

function requestSteps(
  state: State,
  at: Place,
  index: number,
  { flight, options }: { flight: Flight; options: PublisherOptions },
): Step<State>[] {
  const { flights } = state.instances[at];
  const { left } = state;
  const { published, last, broken } = appended(state, flight.entries, options.watchTail);
  const arrived = flights.with(index, { ...flight, appended: true });
  const steps: Step<State>[] = [
    step(
      () => `the broker appends ${nameOf(at)}'s ${listed(flight.entries)}`,
      changed(state, at, { flights: arrived }, { published, last }),
      broken,
    ),
  ];
  if (left.lateRequests > 0) {
    const late = [...state.late, flight.entries].sort((a, b) => a - b);
    steps.push(
      step(
        () => `${nameOf(at)} gives up its request ${listed(flight.entries)}, which is still on its way`,
        changed(state, at, { flights: flights.toSpliced(index, 1) }, { late, left: spent(left, 'lateRequests') }),
      ),
    );
  }
  return steps;
}

function answerSteps(state: State, at: Place, index: number, { entries }: Flight): Step<State>[] {
  const instance = state.instances[at];
  const { left } = state;
  const flights = instance.flights.toSpliced(index, 1);
  const steps: Step<State>[] = [
    step(
      () => `${nameOf(at)} hears that ${listed(entries)} is on the topic`,
      changed(state, at, { flights, ...acknowledged(instance, highest(entries)) }),
    ),
  ];
  if (left.lostResponses > 0) {
    steps.push(
      step(
        () => `the answer to ${nameOf(at)}'s ${listed(entries)} is lost`,
        changed(state, at, { flights }, { left: spent(left, 'lostResponses') }),
      ),
    );
  }
  return steps;
}

/** The latest acknowledgement is the clear that waits, whatever waited before. */
function acknowledged(instance: Instance, version: number): Partial<Instance> {
  const memory = after(instance.memory, version);
  const more = memory !== none;
  return {
    memory,
    acknowledged: more ? Math.max(instance.acknowledged, version) : 0,
    waiting: { version, more },
  };
}

function forgetSteps(state: State, at: Place, { rules }: PublisherOptions): Step<State>[] {
  const { memory, flights } = state.instances[at];
  const { left } = state;
  if (!memory || flights.length > 0 || left.forgotten === 0) return [];
  const gone = rules.forget === 'whole aggregate' ? memory : only(lowest(memory));
  const rest = without(memory, gone);
  return [
    step(
      () => `${nameOf(at)} lets ${listed(gone)} go from memory`,
      changed(state, at, { memory: rest, acknowledged: 0 }, { left: spent(left, 'forgotten') }),
    ),
  ];
}
