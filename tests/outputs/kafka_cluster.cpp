// SPDX-License-Identifier: Apache-2.0
// librdkafka's mock cluster as a peer for the kafka sink, with a consumer that reads back what
// stands in it. Arguments: brokers, topic, partitions. Each line of standard input is a command,
// answered by one line: {"down": 1}, {"up": 1}, {"errors": {"api": 0, "codes": [7]}}, {"rtt": ms},
// {"consume": N}, the latter with what came until N messages were there or nothing more came for a
// while.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

rd_kafka_t* handle(rd_kafka_type_t type, const std::string& brokers) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char error[512];
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), error, sizeof error);
  rd_kafka_conf_set(conf, "group.id", "tests", error, sizeof error);
  rd_kafka_conf_set(conf, "fetch.wait.max.ms", "50", error, sizeof error);
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_t* made = rd_kafka_new(type, conf, error, sizeof error);
  if (!made) throw std::runtime_error(error);
  return made;
}

std::string header(const rd_kafka_message_t* message, const char* name) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
      rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {};
  return {static_cast<const char*>(value), size};
}

json::array consume(const std::string& brokers, const std::string& topic, int partitions,
                    size_t wanted) {
  rd_kafka_t* consumer = handle(RD_KAFKA_CONSUMER, brokers);
  rd_kafka_topic_partition_list_t* all = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; ++i)
    rd_kafka_topic_partition_list_add(all, topic.c_str(), i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(consumer, all);
  rd_kafka_topic_partition_list_destroy(all);
  json::array found;
  auto quiet_at = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < quiet_at) {
    // Once all are there it is only to be seen that no more come.
    if (found.size() >= wanted)
      quiet_at = std::min(quiet_at, Clock::now() + std::chrono::milliseconds(300));
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 50);
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      found.push_back(
          {{"partition", message->partition},
           {"offset", message->offset},
           {"key", std::string(static_cast<const char*>(message->key), message->key_len)},
           {"text", std::string(static_cast<const char*>(message->payload), message->len)},
           {"id", header(message, "id")},
           {"kind", header(message, "kind")}});
    rd_kafka_message_destroy(message);
  }
  rd_kafka_destroy(consumer);
  return found;
}

}  // namespace

int main(int count, char** words) try {
  if (count != 4) return 2;
  int brokers = std::stoi(words[1]), partitions = std::stoi(words[3]);
  std::string topic = words[2];
  rd_kafka_t* owner = handle(RD_KAFKA_PRODUCER, "");
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(owner, brokers);
  if (!cluster) throw std::runtime_error("no cluster");
  rd_kafka_mock_topic_create(cluster, topic.c_str(), partitions, brokers);
  std::string addresses = rd_kafka_mock_cluster_bootstraps(cluster);
  std::cout << json::serialize(json::object{{"brokers", addresses}}) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    json::object command = json::parse(line).as_object();
    json::object answer;
    if (const json::value* broker = command.if_contains("down"))
      rd_kafka_mock_broker_set_down(cluster, broker->to_number<int32_t>());
    if (const json::value* broker = command.if_contains("up"))
      rd_kafka_mock_broker_set_up(cluster, broker->to_number<int32_t>());
    if (const json::value* rtt = command.if_contains("rtt"))
      for (int i = 1; i <= brokers; ++i)
        rd_kafka_mock_broker_set_rtt(cluster, i, rtt->to_number<int>());
    if (const json::value* errors = command.if_contains("errors")) {
      std::vector<rd_kafka_resp_err_t> codes;
      for (const json::value& code : errors->at("codes").as_array())
        codes.push_back(static_cast<rd_kafka_resp_err_t>(code.to_number<int>()));
      rd_kafka_mock_push_request_errors_array(cluster, errors->at("api").to_number<int16_t>(),
                                              codes.size(), codes.data());
    }
    if (const json::value* wanted = command.if_contains("consume"))
      answer["messages"] = consume(addresses, topic, partitions, wanted->to_number<size_t>());
    std::cout << json::serialize(answer) << std::endl;
  }
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(owner);
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
