#!/bin/bash
# Users, topics and the least rights for each service. Run again it changes passwords and nothing else.
set -euo pipefail
bin=${KAFKA_BIN:-/opt/kafka/bin}
server=${KAFKA_INTERNAL:-kafka:19092}
topics_begin_with=${KAFKA_TOPIC_PREFIX:-}
groups_begin_with=${KAFKA_CONSUMER_GROUP_PREFIX:-}
admin=$(mktemp)
cat > "$admin" <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="$KAFKA_ADMIN_PASSWORD";
END

user() {
  "$bin/kafka-configs.sh" --bootstrap-server "$server" --command-config "$admin" \
    --alter --entity-type users --entity-name "$1" --add-config "SCRAM-SHA-512=[password=$2]"
}

topic() {
  "$bin/kafka-topics.sh" --bootstrap-server "$server" --command-config "$admin" \
    --create --if-not-exists --topic "$topics_begin_with$1" --partitions 3 --config cleanup.policy=delete --config "retention.ms=$2"
}

allow() {
  "$bin/kafka-acls.sh" --bootstrap-server "$server" --command-config "$admin" --add --allow-principal "User:$1" "${@:2}"
}

publishes() { allow "$1" --operation Write --operation Describe --topic "$topics_begin_with$2"; }
reads() { allow "$1" --operation Read --operation Describe --operation DescribeConfigs --topic "$topics_begin_with$2"; }
in_group() { allow "$1" --operation Read --group "$groups_begin_with$1"; }

user accounts "$ACCOUNTS_KAFKA_PASSWORD"
user orders "$ORDERS_KAFKA_PASSWORD"
user fulfillment "$FULFILLMENT_KAFKA_PASSWORD"

topic accounts.customer.change -1
topic orders.order.fulfill 2592000000
topic fulfillment.order.change 2592000000

publishes accounts accounts.customer.change
publishes orders orders.order.fulfill
publishes fulfillment fulfillment.order.change

reads orders accounts.customer.change
reads orders fulfillment.order.change
in_group orders
reads fulfillment orders.order.fulfill
in_group fulfillment
