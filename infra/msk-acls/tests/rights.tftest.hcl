# Whose rights there are, without a broker: `terraform test`.
mock_provider "kafka" {}

variables {
  region           = "us-east-1"
  brokers          = ["b-1.example:9098"]
  broker_principal = "User:CN=*.storefront.example"
}

run "rights" {
  assert {
    condition = toset([for each in kafka_acl.topic : "${each.acl_principal} ${each.acl_operation} ${each.resource_name}" if !startswith(each.acl_operation, "Describe")]) == toset([
      "User:accounts Write accounts.customer.change",
      "User:orders Write orders.order.fulfill",
      "User:orders Read accounts.customer.change",
      "User:orders Read fulfillment.order.change",
      "User:fulfillment Write fulfillment.order.change",
      "User:fulfillment Read orders.order.fulfill",
      "User:toolbox Read accounts.customer.change",
      "User:toolbox Read orders.order.fulfill",
      "User:toolbox Read fulfillment.order.change",
    ])
    error_message = "A service writes its own topic and reads the others' that it needs."
  }
  assert {
    condition     = alltrue([for each in kafka_acl.topic : startswith(each.acl_operation, "Describe") || contains(keys(kafka_acl.topic), "${trimprefix(each.acl_principal, "User:")} Describe ${each.resource_name}")])
    error_message = "Who writes or reads a topic may describe it."
  }
  assert {
    condition     = toset([for each in kafka_acl.topic : "${each.acl_principal} ${each.resource_name}" if each.acl_operation == "DescribeConfigs"]) == toset([for each in kafka_acl.topic : "${each.acl_principal} ${each.resource_name}" if each.acl_operation == "Read"])
    error_message = "Who reads a topic, and nobody else, may ask for how long it keeps records."
  }
  assert {
    condition     = toset([for each in kafka_acl.group : "${each.acl_principal} ${each.acl_operation} ${each.resource_name}"]) == toset(["User:orders Read orders", "User:fulfillment Read fulfillment", "User:toolbox Read orders", "User:toolbox Read storefront-reconcile-", "User:toolbox Delete storefront-reconcile-"])
    error_message = "A consumer is in its own group."
  }
  assert {
    condition     = toset([for each in kafka_acl.brokers : each.resource_name]) == toset(keys(local.topics))
    error_message = "The brokers may read every topic that has rights, to copy it."
  }
}

run "prefixes" {
  variables {
    topic_prefix = "test-"
    group_prefix = "test."
  }
  assert {
    condition     = toset([for each in kafka_topic.storefront : each.name]) == toset([for name in keys(local.topics) : "test-${name}"])
    error_message = "Every topic has the environment's prefix."
  }
  assert {
    condition     = alltrue([for each in concat(values(kafka_acl.topic), values(kafka_acl.brokers)) : startswith(each.resource_name, "test-")])
    error_message = "Rights are on the environment's topics only."
  }
  assert {
    condition     = toset([for each in kafka_acl.group : "${each.acl_principal} ${each.resource_name}"]) == toset(["User:orders test.orders", "User:fulfillment test.fulfillment", "User:toolbox test.orders", "User:toolbox storefront-reconcile-"])
    error_message = "A consumer is in its environment's group."
  }
}
