package storefront.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A real Apache Kafka broker with its controller, in this JVM. */
final class KafkaEngine implements AutoCloseable {
  private final KafkaRaftServer server;

  private KafkaEngine(KafkaRaftServer server) {
    this.server = server;
  }

  static KafkaEngine start(Path dir, String host, Options.Kafka options) throws IOException {
    Files.createDirectories(dir);
    Path logs = dir.resolve("logs");
    Properties config = config(logs, host, options);
    if (!Files.exists(logs.resolve("meta.properties"))) format(config, dir.resolve("broker.properties"), options.users());
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
    server.startup();
    return new KafkaEngine(server);
  }

  private static Properties config(Path logs, String host, Options.Kafka options) throws IOException {
    Properties config = new Properties();
    try (InputStream defaults = KafkaEngine.class.getResourceAsStream("/broker.properties")) {
      config.load(defaults);
    }
    config.setProperty("log.dirs", logs.toString());
    String plain = "PLAINTEXT://" + host + ":" + options.port();
    StringBuilder listeners = new StringBuilder(plain + ",CONTROLLER://" + host + ":" + options.controllerPort());
    StringBuilder advertised = new StringBuilder(plain);
    StringBuilder protocols = new StringBuilder(config.getProperty("listener.security.protocol.map"));
    for (int i = 0; i < options.listeners().size(); i++) {
      Options.Listener listener = options.listeners().get(i);
      String name = "EXTRA" + (i + 1);
      listeners.append("," + name + "://" + host + ":" + listener.port());
      advertised.append("," + name + "://" + host + ":" + listener.advertisedPort());
      protocols.append("," + name + ":" + listener.protocol());
    }
    config.setProperty("listeners", listeners.toString());
    config.setProperty("advertised.listeners", advertised.toString());
    config.setProperty("listener.security.protocol.map", protocols.toString());
    // a static quorum is not written to disk: the controller may have another port at every start
    config.setProperty("controller.quorum.voters", "1@" + host + ":" + options.controllerPort());
    if (options.properties() != null) {
      try (Reader more = Files.newBufferedReader(options.properties())) {
        config.load(more);
      }
    }
    return config;
  }

  private static void format(Properties config, Path configFile, List<String> users) throws IOException {
    try (Writer writer = Files.newBufferedWriter(configFile)) {
      config.store(writer, "as it was formatted; read by nobody later");
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    List<String> command = new ArrayList<>();
    Collections.addAll(command, "format", "--config", configFile.toString(), "--cluster-id", Uuid.randomUuid().toString());
    for (String user : users) {
      String[] parts = user.split(":", 2);
      Collections.addAll(command, "--add-scram", "SCRAM-SHA-512=[name=" + parts[0] + ",password=" + parts[1] + "]");
    }
    int status = StorageTool.execute(command.toArray(String[]::new), new PrintStream(output, true));
    if (status != 0) throw new IOException("Kafka's storage could not be formatted: " + output);
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
