package storefront.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;

/**
 * Starts the engines asked for and says so in one line of JSON on stdout. Stops cleanly on SIGTERM, and when its stdin
 * ends: that is how it learns that the process that started it is gone.
 */
public final class Main {
  private static final String HOST = "127.0.0.1";

  private Main() {}

  public static void main(String[] args) {
    // whatever a library prints goes to the log; stdout carries the ready line and nothing else
    PrintStream answer = System.out;
    System.setOut(System.err);
    try {
      Options options = Options.parse(args);
      Files.createDirectories(options.dataDir());
      Engines engines = new Engines();
      Runtime.getRuntime().addShutdownHook(new Thread(engines::stop, "stop"));
      exitWhenStdinEnds();
      engines.start(options);
      answer.printf(
          "{\"ready\":true,\"kafkaPort\":%d,\"mongoPort\":%d,\"pid\":%d}%n",
          options.kafka().port(), options.mongoPort(), ProcessHandle.current().pid());
      answer.flush();
      Thread.currentThread().join();
    } catch (Throwable problem) {
      problem.printStackTrace();
      answer.printf("{\"ready\":false,\"error\":%s}%n", jsonString(problem.toString()));
      answer.flush();
      System.exit(1);
    }
  }

  private static void exitWhenStdinEnds() {
    Thread watcher =
        new Thread(
            () -> {
              try (InputStream in = System.in) {
                while (in.read() >= 0) {
                  // nothing is ever said here
                }
              } catch (IOException e) {
                // as good as an end
              }
              System.exit(0);
            },
            "stdin");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static String jsonString(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
  }

  /** The engines that run, so that stopping finds those that had started when the start was cut short. */
  private static final class Engines {
    private KafkaEngine kafka;
    private MongoEngine mongo;

    void start(Options options) throws Exception {
      // the store first: it needs a fraction of the broker's time
      if (options.mongoPort() > 0) mongo = MongoEngine.start(options.dataDir().resolve("mongo"), HOST, options.mongoPort());
      if (options.kafka().port() > 0) kafka = KafkaEngine.start(options.dataDir().resolve("kafka"), HOST, options.kafka());
    }

    void stop() {
      stop(kafka);
      stop(mongo);
    }

    private static void stop(AutoCloseable engine) {
      try {
        if (engine != null) engine.close();
      } catch (Exception e) {
        e.printStackTrace();
      }
    }
  }
}
