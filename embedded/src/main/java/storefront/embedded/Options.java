package storefront.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the command line says. A port of 0 leaves that engine out. */
record Options(Path dataDir, int kafkaPort, int controllerPort, List<Listener> kafkaListeners, int mongoPort) {
  static final String USAGE =
      "usage: --data-dir DIR [--kafka-port PORT --controller-port PORT [--kafka-listener PORT:ADVERTISED]...]"
          + " [--mongo-port PORT]";

  /** One more door to Kafka, whose clients are told to come to another port: what stands between them sees everything. */
  record Listener(int port, int advertisedPort) {
    static Listener parse(String value) {
      String[] ports = value.split(":");
      if (ports.length != 2) throw new IllegalArgumentException(value + " is not PORT:ADVERTISED; " + USAGE);
      return new Listener(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }
  }

  static Options parse(String[] args) {
    Path dataDir = null;
    int kafkaPort = 0;
    int controllerPort = 0;
    List<Listener> kafkaListeners = new ArrayList<>();
    int mongoPort = 0;
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) throw new IllegalArgumentException(args[i] + " needs a value; " + USAGE);
      String value = args[i + 1];
      switch (args[i]) {
        case "--data-dir" -> dataDir = Path.of(value).toAbsolutePath();
        case "--kafka-port" -> kafkaPort = Integer.parseInt(value);
        case "--controller-port" -> controllerPort = Integer.parseInt(value);
        case "--kafka-listener" -> kafkaListeners.add(Listener.parse(value));
        case "--mongo-port" -> mongoPort = Integer.parseInt(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i] + "; " + USAGE);
      }
    }
    if (dataDir == null || (kafkaPort > 0 && controllerPort == 0)) throw new IllegalArgumentException(USAGE);
    return new Options(dataDir, kafkaPort, controllerPort, List.copyOf(kafkaListeners), mongoPort);
  }
}
