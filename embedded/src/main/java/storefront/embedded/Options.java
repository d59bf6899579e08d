package storefront.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the command line says. A port of 0 leaves that engine out. */
record Options(Path dataDir, Kafka kafka, int mongoPort) {
  static final String USAGE =
      "usage: --data-dir DIR [--kafka-port PORT --controller-port PORT [--kafka-listener PORT:ADVERTISED[:PROTOCOL]]..."
          + " [--kafka-user NAME:PASSWORD]... [--kafka-properties FILE]] [--mongo-port PORT]";

  /**
   * The broker. Users (SCRAM-SHA-512) are made when its storage is formatted; properties go before those it has by itself and may be
   * null.
   */
  record Kafka(int port, int controllerPort, List<Listener> listeners, List<String> users, Path properties) {}

  /** One more door to Kafka, whose clients are told to come to another port: what stands between them sees everything. */
  record Listener(int port, int advertisedPort, String protocol) {
    static Listener parse(String value) {
      String[] parts = value.split(":");
      if (parts.length < 2 || parts.length > 3) throw new IllegalArgumentException(value + " is no listener; " + USAGE);
      String protocol = parts.length == 3 ? parts[2] : "PLAINTEXT";
      return new Listener(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), protocol);
    }
  }

  static Options parse(String[] args) {
    Path dataDir = null;
    int kafkaPort = 0;
    int controllerPort = 0;
    List<Listener> kafkaListeners = new ArrayList<>();
    List<String> kafkaUsers = new ArrayList<>();
    Path kafkaProperties = null;
    int mongoPort = 0;
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) throw new IllegalArgumentException(args[i] + " needs a value; " + USAGE);
      String value = args[i + 1];
      switch (args[i]) {
        case "--data-dir" -> dataDir = Path.of(value).toAbsolutePath();
        case "--kafka-port" -> kafkaPort = Integer.parseInt(value);
        case "--controller-port" -> controllerPort = Integer.parseInt(value);
        case "--kafka-listener" -> kafkaListeners.add(Listener.parse(value));
        case "--kafka-user" -> kafkaUsers.add(value);
        case "--kafka-properties" -> kafkaProperties = Path.of(value);
        case "--mongo-port" -> mongoPort = Integer.parseInt(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i] + "; " + USAGE);
      }
    }
    if (dataDir == null || (kafkaPort > 0 && controllerPort == 0)) throw new IllegalArgumentException(USAGE);
    Kafka kafka = new Kafka(kafkaPort, controllerPort, List.copyOf(kafkaListeners), List.copyOf(kafkaUsers), kafkaProperties);
    return new Options(dataDir, kafka, mongoPort);
  }
}
